using System.Text.Json;

namespace Svom.Workflows;

/// <summary>Messages between workflows as they stand in the store.</summary>
internal static class WorkflowMessages
{
    public static byte[] Write(WorkflowMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, WorkflowJson.Default.WorkflowMessage);

    public static WorkflowMessage Read(byte[] message) =>
        JsonSerializer.Deserialize(message, WorkflowJson.Default.WorkflowMessage) ?? throw new InvalidDataException("A message between workflows is empty.");

    /// <summary>The input that a message is for its receiver.</summary>
    public static WorkflowInput Input(WorkflowMessage message) => message switch
    {
        StartChildMessage child => new Start(child.Request),
        InputMessage input => input.Input,
        _ => throw new InvalidDataException($"A message between workflows has an unknown kind: {message.GetType().Name}."),
    };
}
