using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Microsoft.Web.Administration;

/// <summary>As IIS: another result each time, bound to the provider's session key in the file.</summary>
internal static class Protection
{
    public static string Encrypt(Configuration configuration, string element, string text)
    {
        var provider = element == "processModel" ? "IISWASOnlyAesProvider" : "AesProvider";
        using var aes = For(configuration, provider);
        aes.GenerateIV();
        using var transform = aes.CreateEncryptor();
        var plain = Encoding.UTF8.GetBytes(text);
        var data = transform.TransformFinalBlock(plain, 0, plain.Length);
        return $"[enc:{provider}:{Convert.ToBase64String(aes.IV.Concat(data).ToArray())}:enc]";
    }

    public static string Decrypt(Configuration configuration, string attribute, string value)
    {
        try
        {
            var parts = value.Split(':');
            var bytes = Convert.FromBase64String(parts[2]);
            using var aes = For(configuration, parts[1]);
            aes.IV = bytes.Take(16).ToArray();
            using var transform = aes.CreateDecryptor();
            return Encoding.UTF8.GetString(transform.TransformFinalBlock(bytes, 16, bytes.Length - 16));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            throw new COMException($"Failed to decrypt attribute '{attribute}'", unchecked((int)0x80070005));
        }
    }

    private static Aes For(Configuration configuration, string name)
    {
        var provider = configuration.Document.Descendants("providers").Where(one => one.Parent?.Name == "configProtectedData")
            .Elements("add").FirstOrDefault(one => (string?)one.Attribute("name") == name);
        var key = (string?)provider?.Attribute("sessionKey") ?? throw new ArgumentException($"There is no provider {name}.");
        using var hash = SHA256.Create();
        var aes = Aes.Create();
        aes.Key = hash.ComputeHash(Encoding.UTF8.GetBytes(key));
        return aes;
    }
}
