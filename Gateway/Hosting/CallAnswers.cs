using Svom.Outcomes;

namespace Svom.Hosting;

/// <summary>
/// What the framework refuses before a call reaches its method has a bare status: here it gets the problem that every other refusal has. Faults
/// of methods are none of them: <see cref="CallGuard"/> has answered those.
/// </summary>
internal sealed class CallAnswers(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        var headers = http.Response.Headers;
        if (!http.Response.HasStarted && !ProblemStatus.IsCall(http.Request) && http.Response.StatusCode == StatusCodes.Status415UnsupportedMediaType)
        {
            // No call, so no status of one either: the framework's says that the platform failed.
            headers.Remove("grpc-status");
            headers.Remove("grpc-message");
            return;
        }

        if (http.Response.HasStarted || !ProblemStatus.IsCall(http.Request) || headers.ContainsKey(ProblemStatus.TypeTrailer))
        {
            return;
        }

        var problem = headers["grpc-status"].ToString() switch
        {
            "2" or "13" => new Problem(ProblemTypes.Malformed, "The message is not what the call takes."), // Does not unpack; is framed wrongly.
            "8" => new(ProblemTypes.TooLarge, "The message is longer than the call takes."),
            "12" => new(ProblemTypes.MethodNotAllowed, "There is no such method, or the message is encoded in a way that it does not take."),
            _ => null,
        };
        if (problem is not null)
        {
            await problem.ExecuteAsync(http);
        }
    }
}
