using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Failures in a few words.</summary>
internal static class Words
{
    public static string Of(Exception? exception) => exception switch
    {
        null => "nothing",
        WorkflowFailedException failed => Of(failed.InnerException),
        WorkflowUpdateFailedException failed => $"update({Of(failed.InnerException)})",
        WorkflowQueryFailedException failed => $"query({Of(failed.InnerException)})",
        WorkflowRefusedException refused => $"refused:{refused.Code}",
        ActivityFailureException failed => $"activity({Of(failed.InnerException)}/{failed.RetryState})",
        ChildWorkflowFailureException failed => $"child({Of(failed.InnerException)})",
        WorkflowAlreadyStartedException => "taken",
        ApplicationFailureException failed => failed.InnerException is null ? $"{failed.ErrorType}:{failed.Message}" : $"{failed.ErrorType}:{failed.Message}({Of(failed.InnerException)})",
        TimeoutFailureException failed => failed.InnerException is null ? $"timeout:{failed.Kind}" : $"timeout:{failed.Kind}({Of(failed.InnerException)})",
        TerminatedFailureException failed => $"terminated:{failed.Message}",
        CanceledFailureException or OperationCanceledException => "canceled",
        ServerFailureException failed => $"server:{failed.Message}",
        _ => exception.GetType().Name,
    };
}
