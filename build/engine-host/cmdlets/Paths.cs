using System.Management.Automation;

namespace IisFailover.EngineHost.Cmdlets;

[Cmdlet(VerbsCommon.Join, "Path")]
public sealed class JoinPath : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [AllowEmptyString]
    public string ChildPath { get; set; } = "";

    [Parameter(Position = 2, ValueFromRemainingArguments = true)]
    public string[] AdditionalChildPath { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
            WriteObject(AdditionalChildPath.Prepend(ChildPath).Aggregate(path, SessionState.Path.Combine));
    }
}

[Cmdlet(VerbsCommon.Split, "Path")]
public sealed class SplitPath : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public SwitchParameter Leaf { get; set; }

    [Parameter]
    public SwitchParameter Parent { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
            WriteObject(Leaf ? SessionState.Path.ParseChildName(path) : SessionState.Path.ParseParent(path, ""));
    }
}

[Cmdlet(VerbsCommon.Get, "Location")]
public sealed class GetLocation : PSCmdlet
{
    protected override void ProcessRecord() => WriteObject(SessionState.Path.CurrentLocation);
}

/// <summary>Set-Location and Push-Location: where to go.</summary>
public abstract class LocationCmdlet : PSCmdlet
{
    [Parameter(ParameterSetName = "Path", Position = 0, ValueFromPipeline = true)]
    public string? Path { get; set; }

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected void Go()
    {
        var target = LiteralPath == null ? Path : WildcardPattern.Escape(LiteralPath);
        if (target != null) SessionState.Path.SetLocation(target);
        if (PassThru) WriteObject(SessionState.Path.CurrentLocation);
    }
}

[Cmdlet(VerbsCommon.Set, "Location", DefaultParameterSetName = "Path")]
public sealed class SetLocation : LocationCmdlet
{
    protected override void ProcessRecord()
    {
        Path ??= LiteralPath == null ? "~" : null;
        Go();
    }
}

[Cmdlet(VerbsCommon.Push, "Location", DefaultParameterSetName = "Path")]
public sealed class PushLocation : LocationCmdlet
{
    protected override void ProcessRecord()
    {
        SessionState.Path.PushCurrentLocation(null);
        Go();
    }
}

[Cmdlet(VerbsCommon.Pop, "Location")]
public sealed class PopLocation : PSCmdlet
{
    protected override void ProcessRecord() => SessionState.Path.PopLocation(null);
}
