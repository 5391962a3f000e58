using Npgsql;

namespace Svom.Postgres;

/// <summary>What an error of the database says about the transaction that met it.</summary>
internal static class PostgresFaults
{
    /// <summary>Raised by our own functions: something is not as the writer saw it.</summary>
    public const string NotAsSeen = "SV001";

    /// <summary>The server itself refused, and the transaction is undone for certain. Else nobody knows.</summary>
    public static bool IsRefusal(Exception failure) => failure is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Another writer was there first: look again and send anew.</summary>
    public static bool IsContested(PostgresException refusal) => refusal.SqlState is NotAsSeen or
        PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    /// <summary>A row is held by a transaction that does not end.</summary>
    public static bool IsLocked(Exception failure) => failure is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>The server is ill or going: parts of a batch would fare no better. Classes 08, 25, 53, 57, 58 and XX.</summary>
    public static bool IsOfServer(PostgresException refusal) => refusal.SqlState[..2] is "08" or "25" or "53" or "57" or "58" or "XX";

    /// <summary>A single work that the database can't hold, whenever it is sent.</summary>
    public static bool IsTooLarge(Exception failure) => failure is PostgresException { SqlState: PostgresErrorCodes.ProgramLimitExceeded };
}
