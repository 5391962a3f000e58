using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Svom.Outcomes;

namespace Svom.Hosting;

/// <summary>What <see cref="FaultGuard"/> is for HTTP: what was thrown becomes a status that tells a client what to do and nothing of our insides.</summary>
internal sealed partial class CallGuard(ILogger<CallGuard> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception fault) when (!IsAnswer(fault))
        {
            throw Explain(fault, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception fault) when (!IsAnswer(fault))
        {
            throw Explain(fault, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(new ReadableMessages<TRequest>(requestStream), responseStream, context);
        }
        catch (Exception fault) when (!IsAnswer(fault))
        {
            throw Explain(fault, context);
        }
    }

    // One that a method chose. The framework's own word on size or framing has no trailers.
    private static bool IsAnswer(Exception fault) => fault is RpcException { StatusCode: not (StatusCode.ResourceExhausted or StatusCode.Internal) } or RpcException { Trailers.Count: > 0 };

    private RpcException Explain(Exception fault, ServerCallContext context)
    {
        var problem = fault switch
        {
            RpcException { StatusCode: StatusCode.ResourceExhausted } => new Problem(ProblemTypes.TooLarge, "The message is longer than the call takes."),
            InvalidProtocolBufferException => new(ProblemTypes.Malformed, "The message is not what the call takes."),
            _ when context.CancellationToken.IsCancellationRequested => new(ProblemTypes.Timeout, "The caller left, or its deadline passed."),
            _ => FaultGuard.Explain(fault),
        };
        if (problem.Kind.Status >= 500)
        {
            LogFault(fault, context.Method, problem.Kind.Slug);
        }

        return problem.ToRpcException();
    }

    [LoggerMessage(3002, LogLevel.Error, "A call of {Method} ended in {Problem}")]
    private partial void LogFault(Exception fault, string method, string problem);
}
