using System.Management.Automation;

namespace IisFailover.EngineHost.Cmdlets;

/// <summary>A cmdlet on items by -Path (with wildcards) or -LiteralPath; the engine's providers do the work.</summary>
public abstract class ItemCmdlet : PSCmdlet
{
    [Parameter(ParameterSetName = "Path", Position = 0, ValueFromPipeline = true)]
    public string[]? Path { get; set; }

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    private protected bool IsLiteral => LiteralPath != null;
    private protected string[] Paths => LiteralPath ?? Path ?? ["."];

    /// <summary>Runs the work on the full path of each file that the paths name.</summary>
    private protected void ForEachFile(Action<string> work) =>
        ForEachPath(path =>
        {
            var isPattern = !IsLiteral && WildcardPattern.ContainsWildcardCharacters(path);
            var files = isPattern
                ? GetResolvedProviderPathFromPSPath(path, out _)
                : [GetUnresolvedProviderPathFromPSPath(path)];
            foreach (var file in files) work(file);
        });

    /// <summary>Runs the work on each path; a fault becomes that path's error record.</summary>
    private protected void ForEachPath(Action<string> work)
    {
        foreach (var path in Paths)
        {
            try
            {
                work(path);
            }
            catch (RuntimeException fault) when (fault is not PipelineStoppedException)
            {
                WriteError(fault.ErrorRecord);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                WriteError(new ErrorRecord(fault, fault.GetType().Name, ErrorCategory.NotSpecified, path));
            }
        }
    }
}

[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
public sealed class TestPath : ItemCmdlet
{
    [Parameter]
    [ValidateSet("Any", "Container", "Leaf")]
    public string PathType { get; set; } = "Any";

    protected override void ProcessRecord()
    {
        foreach (var path in Paths) WriteObject(Exists(path));
    }

    private bool Exists(string path)
    {
        if (!InvokeProvider.Item.Exists(path, true, IsLiteral)) return false;
        if (PathType == "Any") return true;
        var isContainer = InvokeProvider.Item.IsContainer(IsLiteral ? WildcardPattern.Escape(path) : path);
        return isContainer == (PathType == "Container");
    }
}

[Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
public sealed class GetItem : ItemCmdlet
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() =>
        ForEachPath(path => WriteObject(InvokeProvider.Item.Get([path], Force, IsLiteral), true));
}

[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Path")]
public sealed class GetChildItem : ItemCmdlet
{
    [Parameter(Position = 1)]
    public string Filter { get; set; } = "*";

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter File { get; set; }

    [Parameter]
    public SwitchParameter Directory { get; set; }

    [Parameter]
    public SwitchParameter Name { get; set; }

    protected override void ProcessRecord() =>
        ForEachPath(path =>
        {
            var filter = WildcardPattern.Get(Filter, WildcardOptions.IgnoreCase);
            foreach (var item in InvokeProvider.ChildItem.Get([path], Recurse, Force, IsLiteral))
            {
                if (File && item.BaseObject is not FileInfo) continue;
                if (Directory && item.BaseObject is not DirectoryInfo) continue;
                var name = item.Properties["PSChildName"]?.Value?.ToString() ?? "";
                if (filter.IsMatch(name)) WriteObject(Name ? name : item);
            }
        });
}

[Cmdlet(VerbsCommon.New, "Item", SupportsShouldProcess = true)]
public sealed class NewItem : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = "";

    [Parameter]
    [Alias("Type")]
    public string ItemType { get; set; } = "File";

    [Parameter]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            // The provider asks ShouldProcess itself, on behalf of this cmdlet.
            WriteObject(InvokeProvider.Item.New([path], Name, ItemType, Value, Force), true);
        }
    }
}

[Cmdlet(VerbsCommon.Remove, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class RemoveItem : ItemCmdlet
{
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() =>
        ForEachPath(path => InvokeProvider.Item.Remove([path], Recurse, Force, IsLiteral));
}
