using System.Collections;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace IisFailover.EngineHost.Cmdlets;

/// <summary>A property: a name or wildcard, a script block, or a table with name and expression.</summary>
internal sealed class PropertyChoice
{
    private readonly string? label;
    private readonly PSPropertyExpression expression;

    public PropertyChoice(object definition)
    {
        definition = definition is PSObject wrapped ? wrapped.BaseObject : definition;
        if (definition is IDictionary table)
        {
            label = Entry(table, "name", "label")?.ToString();
            definition = Entry(table, "expression", "expression")
                ?? throw new PSArgumentException("A calculated property needs an expression.");
            Descending = LanguagePrimitives.IsTrue(Entry(table, "descending", "descending"));
        }
        expression = definition is ScriptBlock script
            ? new PSPropertyExpression(script)
            : new PSPropertyExpression(definition.ToString()!);
    }

    public bool Descending { get; }

    /// <summary>The object's properties that match; a plain name that is missing has the value null.</summary>
    public IEnumerable<(string Name, object? Value)> Of(PSObject item)
    {
        var found = expression.GetValues(item);
        if (found.Count == 0 && !expression.HasWildCardCharacters)
            yield return (label ?? expression.ToString(), null);
        foreach (var value in found) yield return (label ?? value.ResolvedExpression.ToString(), value.Result);
    }

    public object? ValueOf(PSObject item) => Of(item).Select(property => property.Value).FirstOrDefault();

    // Any unambiguous start of the key counts, so `n`, `l` and `e` do.
    private static object? Entry(IDictionary table, params string[] names) =>
        table.Keys.Cast<object>()
            .Where(key => names.Any(name => name.StartsWith(key.ToString()!, StringComparison.OrdinalIgnoreCase)))
            .Select(key => table[key])
            .FirstOrDefault();
}

/// <summary>Gathers the pipeline's objects; the end of the pipeline processes them.</summary>
public abstract class ObjectCmdlet : PSCmdlet
{
    private protected List<PSObject> Items { get; } = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    private protected PropertyChoice[] Choices => [.. (Property ?? []).Select(choice => new PropertyChoice(choice))];

    protected override void ProcessRecord()
    {
        if (InputObject != null) Items.Add(InputObject);
    }
}

[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObject : ObjectCmdlet
{
    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public int? First { get; set; }

    [Parameter]
    public int? Last { get; set; }

    [Parameter]
    public int Skip { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    /// <summary>-First alone writes objects as they come, and then stops the commands before it.</summary>
    private bool IsLimit => First != null && Last == null && !Unique;

    private int _seen;

    protected override void ProcessRecord()
    {
        if (!IsLimit)
        {
            base.ProcessRecord();
            return;
        }
        if (InputObject != null && ++_seen > Skip && _seen - Skip <= First)
        {
            foreach (var result in Project(InputObject)) WriteObject(result);
        }
        if (_seen - Skip >= First) Internals.StopCommandsBefore(this);
    }

    protected override void EndProcessing()
    {
        if (IsLimit) return;
        var items = Items.Skip(Last == null ? Skip : 0);
        if (First != null) items = items.Take(First.Value);
        if (Last != null) items = Items.SkipLast(Skip).TakeLast(Last.Value);
        var results = items.SelectMany(Project);
        if (Unique) results = results.DistinctBy(KeyOf);
        foreach (var result in results) WriteObject(result);
    }

    private IEnumerable<object?> Project(PSObject item)
    {
        if (ExpandProperty != null)
        {
            var value = new PropertyChoice(ExpandProperty).ValueOf(item);
            return LanguagePrimitives.GetEnumerable(value)?.Cast<object?>() ?? [value];
        }
        if (Property == null) return [item];
        var selected = new PSObject();
        selected.TypeNames.Insert(0, "Selected." + item.BaseObject.GetType());
        foreach (var (name, value) in Choices.SelectMany(choice => choice.Of(item)))
        {
            if (selected.Properties[name] == null) selected.Properties.Add(new PSNoteProperty(name, value));
        }
        return [selected];
    }

    private static string KeyOf(object? item) =>
        item is PSObject { BaseObject: PSCustomObject } custom
            ? string.Join('\0', custom.Properties.Select(property => $"{property.Name}={property.Value}"))
            : item?.ToString() ?? "";
}

[Cmdlet("Sort", "Object")]
public sealed class SortObject : ObjectCmdlet
{
    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    protected override void EndProcessing()
    {
        var choices = Choices;
        int Compare(PSObject left, PSObject right)
        {
            if (choices.Length == 0) return CompareValues(left, right);
            foreach (var choice in choices)
            {
                var order = CompareValues(choice.ValueOf(left), choice.ValueOf(right));
                if (order != 0) return choice.Descending ? -order : order;
            }
            return 0;
        }
        var direction = Descending ? -1 : 1;
        var comparer = Comparer<PSObject>.Create((left, right) => direction * Compare(left, right));
        PSObject? previous = null;
        foreach (var item in Items.Order(comparer))
        {
            if (!Unique || previous == null || Compare(previous, item) != 0) WriteObject(item);
            previous = item;
        }
    }

    private static int CompareValues(object? left, object? right)
    {
        return LanguagePrimitives.TryCompare(left, right, true, out var order)
            ? order
            : string.Compare(left?.ToString(), right?.ToString(), StringComparison.CurrentCultureIgnoreCase);
    }
}

[Cmdlet(VerbsDiagnostic.Measure, "Object")]
public sealed class MeasureObject : ObjectCmdlet
{
    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    protected override void EndProcessing()
    {
        var choice = Choices.FirstOrDefault();
        var all = Items.Select(item => choice == null ? item : choice.ValueOf(item));
        var values = all.Where(value => value != null).ToArray();
        var numbers = Sum || Average || Maximum || Minimum
            ? values.Select(value => LanguagePrimitives.ConvertTo<double>(value)).ToArray()
            : [];
        var result = new PSObject();
        result.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.GenericMeasureInfo");
        void Add(string name, object? value) => result.Properties.Add(new PSNoteProperty(name, value));
        Add("Count", values.Length);
        Add("Average", Average && numbers.Length > 0 ? numbers.Average() : null);
        Add("Sum", Sum ? numbers.Sum() : null);
        Add("Maximum", Maximum && numbers.Length > 0 ? numbers.Max() : null);
        Add("Minimum", Minimum && numbers.Length > 0 ? numbers.Min() : null);
        Add("Property", choice == null ? null : Property![0]);
        WriteObject(result);
    }
}

[Cmdlet(VerbsCommon.New, "Object")]
public sealed class NewObject : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string TypeName { get; set; } = "";

    [Parameter(Position = 1)]
    public object[] ArgumentList { get; set; } = [];

    [Parameter]
    public IDictionary? Property { get; set; }

    protected override void ProcessRecord()
    {
        var isCustom = TypeName is "PSObject" or "PSCustomObject" or "System.Management.Automation.PSObject";
        var made = isCustom
            ? new PSObject()
            // The engine picks the constructor and converts the arguments.
            : InvokeCommand.InvokeScript(
                "param($type, $arguments) $type::new.Invoke($arguments)",
                LanguagePrimitives.ConvertTo<Type>(TypeName), ArgumentList)[0];
        foreach (DictionaryEntry entry in Property ?? new Hashtable())
        {
            var name = entry.Key.ToString()!;
            if (isCustom) made.Properties.Add(new PSNoteProperty(name, entry.Value));
            else made.Properties[name].Value = entry.Value;
        }
        WriteObject(made);
    }
}
