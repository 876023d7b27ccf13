using System.Management.Automation;
using System.Text;

namespace IisFailover.EngineHost.Cmdlets;

/// <summary>Text of files only; pwsh reads other providers too.</summary>
[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
public sealed class GetContent : ItemCmdlet
{
    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    [Alias("First", "Head")]
    public int TotalCount { get; set; } = int.MaxValue;

    [Parameter]
    [Alias("Last")]
    public int? Tail { get; set; }

    [Parameter]
    public string Encoding { get; set; } = "utf8";

    protected override void ProcessRecord() =>
        ForEachFile(file =>
        {
            var encoding = TextEncoding.Named(Encoding);
            if (Raw)
            {
                WriteObject(File.ReadAllText(file, encoding));
                return;
            }
            var lines = File.ReadLines(file, encoding).Take(TotalCount);
            foreach (var line in Tail == null ? lines : lines.TakeLast(Tail.Value)) WriteObject(line);
        });
}

[Cmdlet(VerbsCommon.Set, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class SetContent : ItemCmdlet
{
    private readonly StringBuilder text = new();

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull, AllowEmptyCollection]
    public object?[]? Value { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public string Encoding { get; set; } = "utf8";

    protected override void ProcessRecord()
    {
        foreach (var item in Value ?? []) text.Append(item).Append(NoNewline ? "" : Environment.NewLine);
    }

    protected override void EndProcessing() =>
        ForEachFile(file =>
        {
            if (ShouldProcess(file)) File.WriteAllText(file, text.ToString(), TextEncoding.Named(Encoding));
        });
}

internal static class TextEncoding
{
    /// <summary>The encodings whose meaning does not depend on the edition of PowerShell or on the machine.</summary>
    public static Encoding Named(string name) => name.ToLowerInvariant() switch
    {
        "utf8" or "utf8nobom" => new UTF8Encoding(false),
        "utf8bom" => new UTF8Encoding(true),
        "unicode" => Encoding.Unicode,
        "ascii" => Encoding.ASCII,
        _ => throw new PSArgumentException($"The engine host does not know the encoding '{name}'."),
    };
}
