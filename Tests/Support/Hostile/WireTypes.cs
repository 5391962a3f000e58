using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Svom.Hosting;

namespace Svom.Support.Hostile;

/// <summary>One method of the gRPC door.</summary>
/// <param name="Input">Type of its requests; null where only octets are known.</param>
/// <param name="Watches">True when it goes on answering until its reader leaves.</param>
internal sealed record WireMethod(string Path, MessageDescriptor? Input, bool Watches, bool Streams);

/// <summary>The messages and methods of the gRPC door, as the platform itself is built with.</summary>
internal static class WireTypes
{
    private static readonly FileDescriptor[] Files =
    [
        .. typeof(GatewayRegistration).Assembly.GetTypes()
            .Where(static type => type is { Namespace: "Svom.V1", IsAbstract: true } && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(static type => (FileDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!)
            .OrderBy(static file => file.Name, StringComparer.Ordinal),
    ];

    public static MessageDescriptor Reception { get; } = Named("Reception");

    private static MessageDescriptor IngestAck { get; } = Named("IngestAck");

    /// <summary>Every method of the platform's services, then health and reflection.</summary>
    public static IReadOnlyList<WireMethod> Methods { get; } =
    [
        .. from file in Files
           from service in file.Services
           from method in service.Methods
           select new WireMethod($"/{service.FullName}/{method.Name}", method.InputType, method is { IsServerStreaming: true, IsClientStreaming: false }, method.IsClientStreaming),
        new("/grpc.health.v1.Health/Check", null, false, false),
        new("/grpc.health.v1.Health/Watch", null, true, false),
        new("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", null, false, true),
        new("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", null, false, true),
    ];

    /// <summary>Receptions that an ack says are stored, those among them that were there before, and whether it refuses.</summary>
    public static (int Accepted, int Duplicates, bool Refused) ReadAck(ReadOnlySpan<byte> octets)
    {
        var ack = IngestAck.Parser.ParseFrom(octets);
        return IngestAck.FindFieldByName("stored").Accessor.GetValue(ack) is IMessage stored
            ? (Count(stored, "accepted"), Count(stored, "duplicates"), false)
            : (0, 0, true);

        static int Count(IMessage stored, string field) => (int)stored.Descriptor.FindFieldByName(field).Accessor.GetValue(stored);
    }

    private static MessageDescriptor Named(string name) => Files.SelectMany(static file => file.MessageTypes).Single(type => type.Name == name);
}
