namespace Svom.Packets;

/// <summary>
/// What stands in rows for the application: its APID; 2048 more for a recovered packet, so that it never mixes with what was heard whole; 4095 for
/// what is no packet.
/// </summary>
internal static class AppCode
{
    /// <summary>Stands for what is no packet.</summary>
    public const short None = KeyedReception.NoApid;

    /// <summary>Added to the APID of a recovered packet. The idle application, 2047, is in no definition and so never recovered.</summary>
    public const int Recovered = 2048;

    private const int ApidMask = 2047;

    public static short Of(ReceptionVerdict verdict, PacketHeader? header) =>
        header is not { } known ? None : (short)(verdict == ReceptionVerdict.Recovered ? known.Apid + Recovered : known.Apid);

    /// <summary>The APID of a packet's code.</summary>
    public static int Apid(int code) => code & ApidMask;
}
