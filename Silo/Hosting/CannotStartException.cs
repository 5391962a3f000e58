namespace Svom.Hosting;

/// <summary>A reason not to start, as a sentence that names the setting.</summary>
public sealed class CannotStartException(string sentence, Exception? inner = null) : Exception(sentence, inner);
