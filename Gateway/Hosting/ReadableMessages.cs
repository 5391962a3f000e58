using Google.Protobuf;
using Grpc.Core;
using Svom.Outcomes;

namespace Svom.Hosting;

/// <summary>
/// The messages of a stream. One that is none, is framed wrongly or does not unpack is the sender's mistake, whatever the reader below throws; the same exceptions out of a
/// method would be ours.
/// </summary>
internal sealed class ReadableMessages<T>(IAsyncStreamReader<T> source) : IAsyncStreamReader<T>
{
    public T Current => source.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            return await source.MoveNext(cancellationToken);
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidDataException or RpcException { StatusCode: StatusCode.Internal, Trailers.Count: 0 })
        {
            throw new Problem(ProblemTypes.Malformed, "The message is not what the call takes.").ToRpcException();
        }
        catch (RpcException fault) when (fault is { StatusCode: StatusCode.Unimplemented, Trailers.Count: 0 })
        {
            throw new Problem(ProblemTypes.UnsupportedMediaType, "The only encoding taken is gzip.").ToRpcException();
        }
        catch (IOException fault) when (fault.GetType() == typeof(IOException))
        {
            throw new Problem(ProblemTypes.TooLarge, "The message is longer than the call takes.").ToRpcException(); // Its length is above what a number holds. A lost connection has a type of its own.
        }
    }
}
