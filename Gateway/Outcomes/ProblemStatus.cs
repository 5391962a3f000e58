using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ErrorInfo = Google.Rpc.ErrorInfo;
using RetryInfo = Google.Rpc.RetryInfo;

namespace Svom.Outcomes;

/// <summary>How a problem looks over gRPC: a status code, and the same type that REST names.</summary>
internal static class ProblemStatus
{
    /// <summary>Trailer with the problem's type as text, for clients that read no binary details.</summary>
    public const string TypeTrailer = "svom-problem";

    private const string DetailsTrailer = "grpc-status-details-bin";
    private const string Domain = "svom.v1";

    /// <summary>
    /// One code a type; a test holds the table complete. RESOURCE_EXHAUSTED means too large, or too much at once: only the latter says when to come
    /// back, and its type is another.
    /// </summary>
    public static readonly ImmutableDictionary<ProblemType, StatusCode> Codes = new Dictionary<ProblemType, StatusCode>
    {
        [ProblemTypes.Malformed] = StatusCode.InvalidArgument,
        [ProblemTypes.InvalidParameter] = StatusCode.InvalidArgument,
        [ProblemTypes.UnparsableReception] = StatusCode.InvalidArgument,
        [ProblemTypes.Unauthenticated] = StatusCode.Unauthenticated,
        [ProblemTypes.Forbidden] = StatusCode.PermissionDenied,
        [ProblemTypes.NotFound] = StatusCode.NotFound,
        [ProblemTypes.MethodNotAllowed] = StatusCode.Unimplemented,
        [ProblemTypes.NotAcceptable] = StatusCode.InvalidArgument,
        [ProblemTypes.Timeout] = StatusCode.DeadlineExceeded,
        [ProblemTypes.Conflict] = StatusCode.Aborted,
        [ProblemTypes.NotPossibleNow] = StatusCode.FailedPrecondition,
        [ProblemTypes.Gap] = StatusCode.FailedPrecondition,
        [ProblemTypes.PreconditionFailed] = StatusCode.Aborted,
        [ProblemTypes.TooLarge] = StatusCode.ResourceExhausted,
        [ProblemTypes.UnsupportedMediaType] = StatusCode.Unimplemented,
        [ProblemTypes.RangeNotSatisfiable] = StatusCode.OutOfRange,
        [ProblemTypes.MisdirectedHost] = StatusCode.PermissionDenied,
        [ProblemTypes.Invalid] = StatusCode.InvalidArgument,
        [ProblemTypes.KeyReused] = StatusCode.AlreadyExists,
        [ProblemTypes.Internal] = StatusCode.Internal,
        [ProblemTypes.Overloaded] = StatusCode.ResourceExhausted,
        [ProblemTypes.Unavailable] = StatusCode.Unavailable,
    }.ToImmutableDictionary();

    /// <summary>The exception that ends a call with this problem.</summary>
    public static RpcException ToRpcException(this Problem problem)
    {
        var trailers = new Metadata { { TypeTrailer, problem.Kind.Uri }, { DetailsTrailer, problem.ToStatus().ToByteArray() } };
        return new(new(Codes[problem.Kind], problem.Detail), trailers);
    }

    /// <summary>The problem as a message, also for an ack that refuses.</summary>
    public static V1.Problem ToMessage(this Problem problem)
    {
        var message = new V1.Problem { Type = problem.Kind.Uri, Code = (int)Codes[problem.Kind], Detail = problem.Detail };
        message.Roles.AddRange(problem.Roles ?? []);
        if (problem.Index is { } index)
        {
            message.Index = index;
        }

        if (problem.Parameter is { } field)
        {
            message.Field = field;
        }

        if (problem.Refusal is { } refusal)
        {
            message.Refusal = refusal;
        }

        message.RetryAfter = problem.RetryAfterSeconds is { } seconds ? Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) : null;
        return message;
    }

    /// <summary>True for a gRPC call, which takes every answer as a status.</summary>
    public static bool IsCall(HttpRequest request) => request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>Answers a call that never reached its method: a status and nothing else.</summary>
    public static Task WriteAsync(HttpContext http, Problem problem)
    {
        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)Codes[problem.Kind]).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = PercentEncode(problem.Detail);
        response.Headers[TypeTrailer] = problem.Kind.Uri;
        response.Headers[DetailsTrailer] = Convert.ToBase64String(problem.ToStatus().ToByteArray());
        return Task.CompletedTask;
    }

    private static Google.Rpc.Status ToStatus(this Problem problem)
    {
        var info = new ErrorInfo { Domain = Domain, Reason = problem.Kind.Slug.Replace('-', '_').ToUpperInvariant() };
        info.Metadata.Add("type", problem.Kind.Uri);
        var status = new Google.Rpc.Status
        {
            Code = (int)Codes[problem.Kind],
            Message = problem.Detail,
            Details = { Any.Pack(info), Any.Pack(problem.ToMessage()) },
        };
        if (problem.RetryAfterSeconds is { } seconds)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) }));
        }

        return status;
    }

    // gRPC over HTTP/2, "Responses": percent-encoding of all but printable ASCII.
    private static string PercentEncode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            _ = octet is >= 0x20 and <= 0x7E and not (byte)'%' ? encoded.Append((char)octet) : encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return encoded.ToString();
    }
}
