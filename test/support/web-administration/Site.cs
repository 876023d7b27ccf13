using System;
using System.Linq;
using System.Xml.Linq;

namespace Microsoft.Web.Administration;

public sealed class SiteCollection : ConfigurationElementCollectionBase<Site>
{
    internal SiteCollection(ConfigurationSection section)
        : base(null!, null!, section.Children("site").Select(one => new Site(one)).ToArray()) { }
}

public sealed class Site : ConfigurationElement
{
    private readonly ConfigurationElement _site;

    internal Site(ConfigurationElement site) : base(null!, null!) => _site = site;

    public string Name => _site.Text("name");

    public BindingCollection Bindings => new(_site);
}

public sealed class BindingCollection : ConfigurationElementCollectionBase<Binding>
{
    internal BindingCollection(ConfigurationElement site)
        : base(null!, null!, site.Children("bindings").SelectMany(one => one.Children("binding"))
            .Select(one => new Binding(one)).ToArray()) { }
}

/// <summary>http.sys has the certificates of bindings; here TEST_HTTP_SYS, `bindingInformation=thumbprint;...`.</summary>
public sealed class Binding : ConfigurationElement
{
    private readonly ConfigurationElement _binding;

    internal Binding(ConfigurationElement binding) : base(null!, null!) => _binding = binding;

    public string Protocol => _binding.Text("protocol");

    public string BindingInformation => _binding.Text("bindingInformation");

    public byte[]? CertificateHash
    {
        get
        {
            if (Certificate is not { } hash) return null;
            return Enumerable.Range(0, hash.Length / 2).Select(at => Convert.ToByte(hash.Substring(2 * at, 2), 16)).ToArray();
        }
    }

    public string? CertificateStoreName => Certificate is null ? null : "My";

    private string? Certificate =>
        Environment.GetEnvironmentVariable("TEST_HTTP_SYS")?.Split(';').Select(one => one.Split('='))
            .Where(one => Protocol == "https" && one[0] == BindingInformation).Select(one => one[1]).FirstOrDefault();
}
