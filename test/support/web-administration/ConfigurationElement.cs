using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace Microsoft.Web.Administration;

public class ConfigurationElement
{
    private readonly Configuration _configuration;
    private readonly XElement _element;

    internal ConfigurationElement(Configuration configuration, XElement element)
    {
        _configuration = configuration;
        _element = element;
    }

    public string ElementTagName => _element.Name.LocalName;

    public ConfigurationElement GetChildElement(string elementName) => new(_configuration, Child(elementName));

    public ConfigurationElement GetChildElement(string elementName, Type elementType) => throw new NotSupportedException();

    /// <summary>The items of the element's own collection; an element that IIS's schema gives none refuses.</summary>
    public ConfigurationElementCollection GetCollection()
    {
        var items = _element.Elements().Where(one => Items.Contains(one.Name.LocalName)).ToArray();
        if (items.Length == 0) throw new COMException("The element has no collection.", unchecked((int)0x80070057));
        return new(_configuration, _element, items);
    }

    public ConfigurationElementCollection GetCollection(string collectionName) => GetChildElement(collectionName).GetCollection();

    public object? GetAttributeValue(string attributeName)
    {
        var value = (string?)_element.Attribute(attributeName) ?? "";
        return value.StartsWith("[enc:") ? Protection.Decrypt(_configuration, attributeName, value) : value;
    }

    public void SetAttributeValue(string attributeName, object? value)
    {
        var text = (string?)value ?? "";
        var secret = attributeName.EndsWith("assword") || attributeName == "encryptedValue";
        _element.SetAttributeValue(attributeName, secret ? Protection.Encrypt(_configuration, ElementTagName, text) : text);
    }

    internal string Text(string attribute) => (string?)_element.Attribute(attribute) ?? "";

    internal IEnumerable<ConfigurationElement> Children(string name) =>
        _element.Elements(name).Select(one => new ConfigurationElement(_configuration, one));

    private static readonly string[] Items = { "add", "site", "application", "virtualDirectory", "provider", "binding" };

    private XElement Child(string name) =>
        _element.Element(name) ?? throw new COMException($"The element has no child element {name}.", unchecked((int)0x80070057));
}

public abstract class ConfigurationElementCollectionBase<T> : ConfigurationElement, ICollection, IEnumerable<T>
    where T : ConfigurationElement
{
    private readonly IReadOnlyList<T> _items;

    internal ConfigurationElementCollectionBase(Configuration configuration, XElement element, IReadOnlyList<T> items)
        : base(configuration, element) => _items = items;

    public int Count => _items.Count;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    void ICollection.CopyTo(Array array, int index) => throw new NotSupportedException();

    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed class ConfigurationElementCollection : ConfigurationElementCollectionBase<ConfigurationElement>
{
    internal ConfigurationElementCollection(Configuration configuration, XElement element, IEnumerable<XElement> items)
        : base(configuration, element, items.Select(one => new ConfigurationElement(configuration, one)).ToArray()) { }
}
