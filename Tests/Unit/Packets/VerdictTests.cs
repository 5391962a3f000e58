namespace Svom.Packets;

public sealed class VerdictTests
{
    [Fact] // Ingest casts one to the other, and the numbers stand in stored rows: who adds a verdict adds it to both. Recovered packets come from no check.
    public void The_log_knows_every_verdict_of_the_frame_check_by_the_same_name_and_number() => Assert.Equal(
        Enum.GetValues<FrameVerdict>().Select(static verdict => (verdict.ToString(), (int)verdict)),
        Enum.GetValues<ReceptionVerdict>().Where(static verdict => verdict != ReceptionVerdict.Recovered).Select(static verdict => (verdict.ToString(), (int)verdict)));

    [Fact]
    public void Verdicts_of_stored_rows_keep_their_numbers() => Assert.Equal(
        ["Valid", "WrongLength", "BadCrc", "ForeignSpacecraft", "NotASpacePacket", "UnknownApid", "LengthMismatch", "Recovered"],
        Enumerable.Range(0, Enum.GetValues<ReceptionVerdict>().Length).Select(static number => ((ReceptionVerdict)number).ToString()));
}
