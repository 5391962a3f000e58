using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Svom.Hosting;
using Svom.Support;

namespace Svom.Architecture;

/// <summary>docs/operating/settings.md is written from the options classes themselves, so that it cannot say otherwise.</summary>
public sealed partial class SettingsReferenceTests
{
    [Fact]
    public void The_list_of_settings_is_what_the_options_say() => GoldenFile.IsAt("docs/operating/settings.md", Markdown());

    private static string Markdown()
    {
        var text = new StringBuilder("""
            # Settings

            Any setting on the command line as `--Svom:Section:Name value`, in the environment as `SVOM__Section__Name`, or in `appsettings.json`.
            An unknown or invalid one stops the start with a sentence that names it. This page is written from the code.

            """);
        foreach (var (section, type) in KnownSettings.Sections.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {section}\n\n| setting | default | range | what |\n|---|---|---|---|\n");
            var source = SourceOf(type);
            var defaults = Activator.CreateInstance(type);
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(static property => property.SetMethod is { IsPublic: true }))
            {
                text.Append(CultureInfo.InvariantCulture, $"| `{property.Name}` | {Value(property.GetValue(defaults))} | {RangeOf(property)} | {Summary(source, property.Name)} |\n");
            }
        }

        return text.ToString();
    }

    private static string SourceOf(Type type) => Directory.EnumerateFiles(SolutionFolder.Path, "*.cs", SearchOption.AllDirectories)
        .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Select(File.ReadAllText).First(text => Regex.IsMatch(text, $@"class {type.Name}\s", RegexOptions.None, TimeSpan.FromSeconds(5)));

    private static string Summary(string source, string property)
    {
        var match = Regex.Match(source, $@"<summary>(?<text>(?:(?!</summary>).)*)</summary>\s*(?:///[^\n]*\s*)*(?:\[[^\n]*\]\s*)*public [^\n]*? {property} \{{", RegexOptions.Singleline, TimeSpan.FromSeconds(5));
        Assert.True(match.Success, $"{property} has no summary.");
        return Slashes().Replace(match.Groups["text"].Value, " ").Replace("|", "\\|", StringComparison.Ordinal).Trim();
    }

    private static string RangeOf(PropertyInfo property) => property.GetCustomAttribute<RangeAttribute>() is { } range
        ? string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}") : "";

    private static string Value(object? value) => value switch
    {
        null => "",
        string { Length: 0 } => "",
        IDictionary table => string.Join(", ", table.Keys.Cast<object>().Select(key => string.Create(CultureInfo.InvariantCulture, $"`{key}` = {table[key]}"))),
        string text => $"`{text}`",
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(static item => $"`{item}`")),
        _ => $"`{string.Create(CultureInfo.InvariantCulture, $"{value}")}`",
    };

    [GeneratedRegex(@"\s*\n\s*///\s*|<[^>]+>", RegexOptions.None, 5_000)]
    private static partial Regex Slashes();
}
