using System;
using System.Linq;
using System.Xml.Linq;

namespace Microsoft.Web.Administration;

/// <summary>
/// Stands in for IIS where there is none: the same type and member names, overloads and base classes as
/// https://learn.microsoft.com/dotnet/api/microsoft.web.administration, on the XML of one file. Its providers
/// encrypt with a key made from the file's sessionKey, so that a file of another machine cannot be opened.
/// </summary>
public sealed class ServerManager : IDisposable
{
    private readonly bool _readOnly;
    private readonly string _path;
    private readonly XDocument _document;

    public ServerManager() => throw new NotSupportedException("There is no IIS on this computer.");

    public ServerManager(string applicationHostConfigurationPath) : this(false, applicationHostConfigurationPath) { }

    public ServerManager(bool readOnly, string applicationHostConfigurationPath)
    {
        _readOnly = readOnly;
        _path = applicationHostConfigurationPath;
        _document = XDocument.Load(_path, LoadOptions.PreserveWhitespace);
    }

    public SiteCollection Sites =>
        new(new(GetApplicationHostConfiguration(), _document.Root!.Element("system.applicationHost")!.Element("sites")!));

    public Configuration GetApplicationHostConfiguration() => new(_document);

    public void CommitChanges()
    {
        if (_readOnly) throw new InvalidOperationException("The configuration object is read only.");
        _document.Save(_path);
    }

    public void Dispose() { }
}

public sealed class Configuration
{
    internal Configuration(XDocument document) => Document = document;

    internal XDocument Document { get; }

    public ConfigurationSection GetSection(string sectionPath) => Section(Document.Root!, sectionPath);

    public ConfigurationSection GetSection(string sectionPath, string? locationPath)
    {
        if (string.IsNullOrEmpty(locationPath)) return GetSection(sectionPath);
        var location = Document.Root!.Elements("location").LastOrDefault(one => (string?)one.Attribute("path") == locationPath);
        return Section(location ?? throw NotFound(sectionPath), sectionPath);
    }

    public ConfigurationSection GetSection(string sectionPath, Type type, string locationPath) => throw new NotSupportedException();

    private ConfigurationSection Section(XElement root, string path)
    {
        var declared = path.Split('/').Aggregate((XElement?)Document.Root!.Element("configSections"), (group, name) =>
            group?.Elements().FirstOrDefault(one => (string?)one.Attribute("name") == name));
        if (declared is null) throw NotFound(path);
        var element = path.Split('/').Aggregate((XElement?)root, (at, name) => at?.Element(name));
        return new(this, element ?? throw NotFound(path));
    }

    private static Exception NotFound(string path) =>
        new System.IO.FileNotFoundException($"Unrecognized configuration path or section '{path}'.");
}

public class ConfigurationSection : ConfigurationElement
{
    internal ConfigurationSection(Configuration configuration, XElement element) : base(configuration, element) { }
}
