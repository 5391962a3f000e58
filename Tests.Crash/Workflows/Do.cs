namespace Svom.Crash;

/// <summary>Writes steps.</summary>
internal static class Do
{
    public static Step Seq(params Step[] steps) => new(StepKind.Seq) { Steps = steps };

    public static Step All(params Step[] steps) => new(StepKind.All) { Steps = steps };

    public static Step Any(params Step[] steps) => new(StepKind.Any) { Steps = steps };

    public static Step Activity(string name, int fails = 0) => new(StepKind.Activity, name) { Count = fails };

    public static Step Activity(string name, Act act) => new(StepKind.Activity, name) { Act = act };

    public static Step Local(string name, int fails = 0) => new(StepKind.Local, name) { Count = fails };

    public static Step Local(string name, Act act) => new(StepKind.Local, name) { Act = act };

    public static Step Timer(int ms) => new(StepKind.Timer) { Ms = ms };

    public static Step Wait(string signal, int count = 1) => new(StepKind.Wait, signal) { Count = count };

    public static Step WaitFor(string signal, int ms) => new(StepKind.Wait, signal) { Count = 1, Ms = ms };

    public static Step SideEffect() => new(StepKind.SideEffect);

    public static Step Draw() => new(StepKind.Draw);

    public static Step Patch(string id, Step now, Step before) => new(StepKind.Patch, id) { Steps = [now, before] };

    public static Step Deprecate(string id) => new(StepKind.Deprecate, id);

    public static Step Child(string name, params Step[] steps) => new(StepKind.Child, name) { Steps = steps };

    public static Step ContinueAsNew(params Step[] steps) => new(StepKind.ContinueAsNew) { Steps = steps };

    /// <summary>Runs the first; cancels it when the second is done.</summary>
    public static Step CancelWhen(Step work, Step when) => new(StepKind.CancelWhen) { Steps = [work, when] };

    /// <summary>A failure becomes a word.</summary>
    public static Step Try(params Step[] steps) => new(StepKind.Try) { Steps = steps };

    /// <summary>The second runs when the first was cancelled, out of reach of the cancel.</summary>
    public static Step Shield(Step work, Step cleaning) => new(StepKind.Shield) { Steps = [work, cleaning] };

    public static Step Fail(string message, string type = "Broken") => new(StepKind.Fail, message) { ErrorType = type };

    /// <summary>Fails the task until the place is repaired.</summary>
    public static Step Break(string place) => new(StepKind.Break, place);

    public static Step Memo(string name, string? value) => new(StepKind.Memo, name) { Text = value ?? "" };

    public static Step Search(string name, string? value) => new(StepKind.Search, name) { Text = value ?? "" };

    public static Step SignalOther(string workflowId, string signal, string value) => new(StepKind.SignalOther, workflowId) { Text = $"{signal}={value}" };

    public static Step CancelOther(string workflowId) => new(StepKind.CancelOther, workflowId);

    public static Step Say(string text) => new(StepKind.Say, text);

    public static Step Info(string what) => new(StepKind.Info, what);

    /// <summary>Waits until no handler is under way, and nothing in the background.</summary>
    public static Step Handlers() => new(StepKind.Handlers);

    /// <summary>Begins it and goes on.</summary>
    public static Step Background(Step step) => new(StepKind.Background) { Steps = [step] };

    /// <summary>Awaits what no history keeps.</summary>
    public static Step Foreign(string what) => new(StepKind.Foreign, what);
}
