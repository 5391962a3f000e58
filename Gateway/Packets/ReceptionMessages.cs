using System.Collections.Immutable;
using Svom.Requests;

namespace Svom.Packets;

/// <summary>Reads the receptions of a <c>svom.v1.ReceptionBatch</c> by the rules that hold in every form. All of them, or the first fault.</summary>
internal static class ReceptionMessages
{
    public static ReceptionsRead Read(V1.ReceptionBatch batch, int most)
    {
        if (batch.Receptions.Count > most)
        {
            return ReceptionsRead.TooMany(most);
        }

        var receptions = ImmutableArray.CreateBuilder<Reception>(batch.Receptions.Count);
        foreach (var message in batch.Receptions)
        {
            var at = default(DateTimeOffset);
            var fault = !FeedId.IsName(message.Station) ? ReceptionForm.StationFault
                : message.HasSession && !FeedId.IsName(message.Session) ? ReceptionForm.SessionFault
                : message.HasSignalDbm && !double.IsFinite(message.SignalDbm) ? ReceptionForm.SignalFault
                : message.Octets.Length is 0 or > Reception.MaxOctets ? ReceptionForm.OctetsFault(message.Octets.Length)
                : message.ReceivedAt is null || !WireTime.TryRead(message.ReceivedAt, out at) || !ReceptionForm.Plausible(at) ? ReceptionForm.TimeFault
                : null;
            if (fault is not null)
            {
                return ReceptionsRead.Refused(receptions.Count, fault);
            }

            // The octets are an array of their own, made by the reader of the message.
            receptions.Add(new(message.Station, at, message.Octets.Memory, message.HasSignalDbm ? message.SignalDbm : null, message.HasSession ? message.Session : null));
        }

        return new(receptions.DrainToImmutable(), null);
    }
}
