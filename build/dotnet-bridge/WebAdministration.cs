using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace IisFailover.Bridge;

/// <summary>
/// Secrets of an IIS configuration file through Microsoft.Web.Administration, whose providers alone can open and make
/// [enc:provider:...:enc] values. The assembly is part of IIS and bound late, so that this one loads without it.
/// https://learn.microsoft.com/dotnet/api/microsoft.web.administration
/// </summary>
internal sealed class WebAdministration : IDisposable
{
    private readonly Late _manager;
    private readonly Late _configuration;
    private readonly Dictionary<string, Late> _sections = new();
    private readonly Dictionary<(object Parent, string Key), Dictionary<string, List<Late>>> _items = new();

    /// <param name="assembly">path of Microsoft.Web.Administration.dll</param>
    /// <param name="file">the applicationHost.config to read or change</param>
    /// <param name="readOnly">a file opened for reading only cannot be changed by accident</param>
    public WebAdministration(string assembly, string file, bool readOnly)
    {
        var type = Assembly.LoadFrom(assembly).GetType("Microsoft.Web.Administration.ServerManager", true)!;
        _manager = new Late(Late.Create(type, readOnly, file));
        _configuration = _manager.Call("GetApplicationHostConfiguration");
    }

    public void Dispose() => ((IDisposable)_manager.Target!).Dispose();

    /// <summary>The value of each place in clear, or why it cannot be had.</summary>
    public object[] Open(IEnumerable<IDictionary<string, object?>> places) =>
        places.Select(place =>
        {
            try
            {
                var value = Element(place).Call("GetAttributeValue", (string)place["attribute"]!).Target;
                return (object)new Dictionary<string, object?> { ["value"] = value?.ToString() };
            }
            catch (Exception exception)
            {
                return new Dictionary<string, object?> { ["error"] = Late.Reason(exception) };
            }
        }).ToArray();

    /// <summary>Sets all places or, where one cannot be set, none; the file's providers encrypt what its schema says.</summary>
    public void Set(IEnumerable<IDictionary<string, object?>> places)
    {
        foreach (var place in places)
            Element(place).Call("SetAttributeValue", (string)place["attribute"]!, place["value"]);
        _manager.Call("CommitChanges");
    }

    /// <summary>The certificate of each https and ftps binding, as http.sys has it.</summary>
    public object[] Bindings() =>
        (from site in _manager.Get("Sites").Items()
         from binding in site.Get("Bindings").Items()
         let hash = binding.Get("CertificateHash").Target as byte[]
         where hash is { Length: > 0 }
         select (object)new Dictionary<string, object?>
         {
             ["site"] = site.Get("Name").Target,
             ["protocol"] = binding.Get("Protocol").Target,
             ["bindingInformation"] = binding.Get("BindingInformation").Target,
             ["thumbprint"] = BitConverter.ToString(hash).Replace("-", ""),
             ["store"] = binding.Get("CertificateStoreName").Target as string ?? "My",
         }).ToArray();

    private Late Element(IDictionary<string, object?> place)
    {
        var element = Section((string)place["section"]!, (string)place["location"]!);
        foreach (IDictionary<string, object?> step in (object[])place["steps"]!) element = Child(element, step);
        return element;
    }

    private Late Section(string section, string location)
    {
        var key = section + "\n" + location;
        if (!_sections.TryGetValue(key, out var found))
        {
            found = location == ""
                ? _configuration.Call("GetSection", section)
                : _configuration.Call("GetSection", section, location);
            _sections.Add(key, found);
        }
        return found;
    }

    /// <summary>An item of the element's collection, by key or else by number; where there is none, a child element.</summary>
    private Late Child(Late parent, IDictionary<string, object?> step)
    {
        var name = (string)step["name"]!;
        var key = (string?)step["key"];
        var wanted = key == null ? name : name + "\n" + (string)step["value"]!;
        if (ItemsBy(parent, key ?? "").TryGetValue(wanted, out var found))
        {
            var number = key == null ? Convert.ToInt32(step["number"]) : 0;
            if (number < found.Count) return found[number];
        }
        return parent.Call("GetChildElement", name);
    }

    /// <summary>Items by tag, or by tag and the value of a key; a file of ten thousand sites is enumerated once.</summary>
    private Dictionary<string, List<Late>> ItemsBy(Late parent, string key)
    {
        if (_items.TryGetValue((parent.Target!, key), out var known)) return known;
        var items = new Dictionary<string, List<Late>>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in Collection(parent))
        {
            var id = (string)item.Get("ElementTagName").Target!;
            if (key != "") id += "\n" + AttributeOrEmpty(item, key);
            if (!items.TryGetValue(id, out var alike)) items.Add(id, alike = new List<Late>());
            alike.Add(item);
        }
        _items.Add((parent.Target!, key), items);
        return items;
    }

    private static IEnumerable<Late> Collection(Late element)
    {
        try { return element.Call("GetCollection").Items(); }
        catch (Exception) { return Enumerable.Empty<Late>(); } // its schema has no collection
    }

    private static string AttributeOrEmpty(Late element, string name)
    {
        try { return element.Call("GetAttributeValue", name).Target?.ToString() ?? ""; }
        catch (Exception) { return ""; } // items of another tag may lack the key
    }
}
