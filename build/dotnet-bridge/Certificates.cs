using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;

namespace IisFailover.Bridge;

/// <summary>Certificates of a Windows store; https://learn.microsoft.com/dotnet/api/system.security.cryptography.x509certificates.x509store.</summary>
internal static class Certificates
{
    /// <summary>What is known of all certificates of a store without its keys.</summary>
    public static object[] List(string location, string store) =>
        In(location, store, OpenFlags.ReadOnly, certificates => certificates.Select(Described).ToArray());

    /// <summary>The certificate with its key and chain as PKCS#12.</summary>
    public static byte[] Export(string location, string store, string thumbprint, string password) =>
        In(location, store, OpenFlags.ReadOnly, certificates =>
        {
            var found = certificates.FirstOrDefault(one => one.Thumbprint.Equals(thumbprint, StringComparison.OrdinalIgnoreCase))
                ?? throw new KeyNotFoundException($"The store {location}\\{store} has no certificate {thumbprint}.");
            if (!found.HasPrivateKey) throw new InvalidOperationException($"The certificate {thumbprint} has no private key here.");
            return found.Export(X509ContentType.Pkcs12, password)!;
        });

    /// <summary>Adds the certificates of a PKCS#12 file that have a key; one that is there already stays. Gives them all.</summary>
    public static object[] Import(string location, string store, byte[] pkcs12, string password, bool exportable)
    {
        var flags = X509KeyStorageFlags.PersistKeySet;
        if (location == nameof(StoreLocation.LocalMachine)) flags |= X509KeyStorageFlags.MachineKeySet;
        if (exportable) flags |= X509KeyStorageFlags.Exportable;
        var imported = new X509Certificate2Collection();
        imported.Import(pkcs12, password, flags);
        using var opened = new X509Store(store, Enum(location));
        opened.Open(OpenFlags.ReadWrite);
        var own = imported.Cast<X509Certificate2>().Where(one => one.HasPrivateKey).ToArray();
        if (own.Length == 0) throw new InvalidOperationException("The file has no certificate with a private key.");
        foreach (var certificate in own) opened.Add(certificate);
        return own.Select(Described).ToArray();
    }

    private static T In<T>(string location, string store, OpenFlags flags, Func<IEnumerable<X509Certificate2>, T> use)
    {
        using var opened = new X509Store(store, Enum(location));
        opened.Open(flags | OpenFlags.OpenExistingOnly);
        return use(opened.Certificates.Cast<X509Certificate2>());
    }

    private static StoreLocation Enum(string location) => (StoreLocation)System.Enum.Parse(typeof(StoreLocation), location);

    private static object Described(X509Certificate2 certificate) => new Dictionary<string, object?>
    {
        ["thumbprint"] = certificate.Thumbprint,
        ["subject"] = certificate.Subject,
        ["issuer"] = certificate.Issuer,
        ["names"] = certificate.Extensions["2.5.29.17"]?.Format(false) ?? "",
        ["notBefore"] = certificate.NotBefore.ToUniversalTime().ToString("o"),
        ["notAfter"] = certificate.NotAfter.ToUniversalTime().ToString("o"),
        ["hasPrivateKey"] = certificate.HasPrivateKey,
    };
}
