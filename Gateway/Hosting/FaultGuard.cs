using Svom.Outcomes;

namespace Svom.Hosting;

/// <summary>Turns what was thrown into a problem that tells a client what to do and nothing of our insides.</summary>
internal sealed partial class FaultGuard(RequestDelegate next, ILogger<FaultGuard> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            if (http.RequestAborted.IsCancellationRequested)
            {
                return; // Nobody is there to be answered.
            }

            var problem = Explain(fault);
            if (problem.Kind.Status >= 500)
            {
                LogFault(fault, http.Request.Method, problem.Kind.Slug);
            }

            http.Response.Clear();
            http.Response.Headers.XContentTypeOptions = "nosniff";
            await problem.ExecuteAsync(http);
        }
    }

    /// <summary>What a fault means to a client.</summary>
    public static Problem Explain(Exception fault) => fault switch
    {
        BadHttpRequestException { StatusCode: 413 } => new(ProblemTypes.TooLarge, "The body is longer than the call takes."),
        BadHttpRequestException { StatusCode: 408 } => new(ProblemTypes.Timeout, "The body came too slowly."),
        BadHttpRequestException => new(ProblemTypes.Malformed, "The request ended early, or is not HTTP as the call takes it."),
        IOException { InnerException: OverflowException } => new(ProblemTypes.Malformed, "A chunk of the body says that it is longer than any can be."), // The server's reader has no better word for it.
        TimeoutException or EventStore.AppendUncertainException or Orleans.Runtime.OrleansException or OperationCanceledException =>
            new(ProblemTypes.Unavailable, "A part of the platform did not answer in time.") { RetryAfterSeconds = 2 },
        _ => new(ProblemTypes.Internal, "The platform failed; its log holds the details."),
    };

    [LoggerMessage(3001, LogLevel.Error, "A {Method} request ended in {Problem}")]
    private partial void LogFault(Exception fault, string method, string problem);
}
