using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Svom.Hosting;
using Svom.Packets;

namespace Svom.Contracts.Gateway;

/// <summary>Writes receptions as clients do; the binary form through the generated protobuf messages, not through code of the door.</summary>
public static class ReceptionBodies
{
    private static readonly MessageDescriptor Message = (MessageDescriptor)typeof(GatewayRegistration).Assembly
        .GetType("Svom.V1.Reception", throwOnError: true)!.GetProperty("Descriptor")!.GetValue(null)!;

    public static byte[] Binary(IEnumerable<Reception> receptions)
    {
        using var body = new MemoryStream();
        foreach (var reception in receptions)
        {
            // The message's own JSON form names the fields; the library turns it into octets.
            var message = JsonParser.Default.Parse(Json(reception), Message).ToByteArray();
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, message.Length);
            body.Write(length);
            body.Write(message);
        }

        return body.ToArray();
    }

    public static byte[] Array(IEnumerable<Reception> receptions) => Encoding.UTF8.GetBytes($"[{string.Join(", ", receptions.Select(Json))}]");

    public static byte[] Lines(IEnumerable<Reception> receptions) => Encoding.UTF8.GetBytes(string.Concat(receptions.Select(static reception => Json(reception) + "\n")));

    private static string Json(Reception reception)
    {
        var members = new Dictionary<string, object>
        {
            ["station"] = reception.Station,
            ["receivedAt"] = reception.ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["octets"] = Convert.ToBase64String(reception.Octets.Span),
        };
        if (reception.SignalDbm is { } signal)
        {
            members["signalDbm"] = signal;
        }

        if (reception.Session is { } session)
        {
            members["session"] = session;
        }

        return JsonSerializer.Serialize(members);
    }
}
