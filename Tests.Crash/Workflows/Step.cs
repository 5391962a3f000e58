namespace Svom.Crash;

/// <summary>What a step of a scenario's workflow does.</summary>
internal enum StepKind
{
    Seq,
    All,
    Any,
    Activity,
    Local,
    Timer,
    Wait,
    SideEffect,
    Draw,
    Patch,
    Deprecate,
    Child,
    ContinueAsNew,
    CancelWhen,
    Try,
    Shield,
    Fail,
    Break,
    Memo,
    Search,
    SignalOther,
    CancelOther,
    Say,
    Info,
    Handlers,
    Background,
    Foreign,
}

/// <summary>A step of the workflow that scenarios and invented programs are written in: a tree, interpreted by <see cref="Kitchen"/>.</summary>
internal sealed record Step(StepKind Kind, string Name = "")
{
    public Step[] Steps { get; init; } = [];

    public string Text { get; init; } = "";

    /// <summary>Milliseconds: of a timer, of a wait.</summary>
    public int? Ms { get; init; }

    /// <summary>Of activities: attempts that fail. Of waits: signals to wait for.</summary>
    public int Count { get; init; }

    /// <summary>How the activity behaves.</summary>
    public Act Act { get; init; }

    /// <summary>Type of the failure.</summary>
    public string ErrorType { get; init; } = "Broken";

    public bool NonRetryable { get; init; }

    /// <summary>Milliseconds, each.</summary>
    public int? ScheduleToClose { get; init; }

    public int? ScheduleToStart { get; init; }

    public int? StartToClose { get; init; }

    public int? Heartbeat { get; init; }

    /// <summary>Most attempts; 0: no limit.</summary>
    public int Attempts { get; init; }

    /// <summary>Pause between attempts, in milliseconds.</summary>
    public int Pause { get; init; } = 10;

    public string[] NonRetryableTypes { get; init; } = [];

    /// <summary>Of activities and children: what is waited for at a cancel.</summary>
    public int Cancel { get; init; } = 1;

    /// <summary>Of children: what becomes of them when the parent closes.</summary>
    public int ParentClose { get; init; } = 1;

    /// <summary>Of children: which closed runs may be followed.</summary>
    public int Reuse { get; init; } = 1;

    /// <summary>Of children: the parent waits for their beginning alone.</summary>
    public bool StartOnly { get; init; }

    /// <summary>Queue, where it is another.</summary>
    public string? Queue { get; init; }
}

/// <summary>How an activity of a scenario behaves.</summary>
internal enum Act
{
    Return,

    /// <summary>Waits until it is told to stop, then stops.</summary>
    Hang,

    /// <summary>Waits until it is told to stop, and returns then.</summary>
    HangAndReturn,

    /// <summary>Never looks at the token; ends with its gate.</summary>
    Gate,

    /// <summary>Leaves its end to somebody else.</summary>
    Elsewhere,

    /// <summary>Gives signs of life until its gate opens.</summary>
    Beat,

    /// <summary>One sign of life, then a failure; the next attempt returns what the first told.</summary>
    BeatAndFail,

    /// <summary>Returns a text of 200,000 characters.</summary>
    Large,

    /// <summary>Asks for a pause of its own before the next attempt.</summary>
    NextDelay,
}
