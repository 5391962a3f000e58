extern alias Gateway;

using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Svom.Outcomes;
using RpcStatus = Google.Rpc.Status;
using Wire = Gateway::Svom.V1;

namespace Svom.Contracts.Gateway;

/// <summary>What a failed call told, and what every failure promises.</summary>
internal static class CallStatus
{
    public static async Task<Wire.Problem> FailsAsync(Func<Task> call, ProblemType kind)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(call);
        return Check(failure, kind);
    }

    public static Wire.Problem Check(RpcException failure, ProblemType kind)
    {
        Assert.True(ProblemStatus.Codes[kind] == failure.StatusCode, $"{failure.StatusCode} instead of {ProblemStatus.Codes[kind]}: {failure.Status.Detail}");
        Assert.Equal(kind.Uri, failure.Trailers.GetValue("svom-problem"));
        var status = RpcStatus.Parser.ParseFrom(failure.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal((int)failure.StatusCode, status.Code);
        Assert.Equal(failure.Status.Detail, status.Message);
        foreach (var text in (string[])["Svom.", "System.", "secret", "   at "])
        {
            Assert.DoesNotContain(text, status.ToString(), StringComparison.Ordinal);
        }

        var info = status.Details.Single(static detail => detail.Is(ErrorInfo.Descriptor)).Unpack<ErrorInfo>();
        Assert.Equal(("svom.v1", kind.Uri), (info.Domain, info.Metadata["type"]));
        var problem = status.Details.Single(static detail => detail.Is(Wire.Problem.Descriptor)).Unpack<Wire.Problem>();
        Assert.Equal(kind.Uri, problem.Type);
        Assert.Equal(problem.RetryAfter is not null, status.Details.Any(static detail => detail.Is(RetryInfo.Descriptor)));
        return problem;
    }

    /// <summary>A method that takes and gives octets as they are.</summary>
    public static Method<byte[], byte[]> Raw(string method, MethodType type = MethodType.Unary) =>
        new(type, method[..method.IndexOf('/', StringComparison.Ordinal)], method[(method.IndexOf('/', StringComparison.Ordinal) + 1)..], Octets, Octets);

    private static readonly Marshaller<byte[]> Octets = Marshallers.Create(static octets => octets, static octets => octets);
}
