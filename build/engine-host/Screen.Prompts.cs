using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace IisFailover.EngineHost;

/// <summary>
/// Input. With -NonInteractive every prompt is an error at once, as in pwsh; otherwise answers come from standard
/// input, and its end is an error too, so that no prompt waits for an answer that cannot come.
/// </summary>
internal sealed partial class Screen
{
    /// <summary>The next command of the prompt loop, or null at the end of input.</summary>
    public string? ReadCommand(string prompt)
    {
        Console.Out.Write(prompt);
        var line = Console.In.ReadLine();
        // pwsh echoes redirected input behind its prompt, which makes the output read like a session.
        if (!commandLine.NoPrompt && Console.IsInputRedirected) Console.Out.WriteLine(line);
        return line;
    }

    public override string ReadLine()
    {
        RefuseWhereNonInteractive();
        return Console.In.ReadLine()
            ?? throw new PromptingException("Standard input ended before the prompt was answered.");
    }

    public override SecureString ReadLineAsSecureString()
    {
        RefuseWhereNonInteractive();
        var secret = new SecureString();
        if (Console.IsInputRedirected)
        {
            foreach (var character in ReadLine()) secret.AppendChar(character);
            return secret;
        }
        for (var key = Console.ReadKey(true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(true))
        {
            if (key.Key != ConsoleKey.Backspace) secret.AppendChar(key.KeyChar);
            else if (secret.Length > 0) secret.RemoveAt(secret.Length - 1);
        }
        Console.Out.WriteLine();
        return secret;
    }

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions)
    {
        RefuseWhereNonInteractive();
        WriteHeading(caption, message);
        return descriptions.ToDictionary(field => field.Name, field => new PSObject(PromptForField(field)));
    }

    private object PromptForField(FieldDescription field)
    {
        var type = LanguagePrimitives.TryConvertTo(field.ParameterAssemblyFullName, out Type found)
            ? found
            : typeof(string);
        if (type.IsArray)
        {
            var items = new List<string>();
            for (var item = Ask($"{field.Name}[0]: "); item != ""; item = Ask($"{field.Name}[{items.Count}]: "))
                items.Add(item);
            return LanguagePrimitives.ConvertTo(items.ToArray(), type);
        }
        if (type == typeof(PSCredential)) return PromptForCredential("", "", "", field.Name);
        if (type == typeof(SecureString))
        {
            Console.Out.Write($"{field.Name}: ");
            return ReadLineAsSecureString();
        }
        return LanguagePrimitives.ConvertTo(Ask($"{field.Name}: "), type);
    }

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName)
    {
        RefuseWhereNonInteractive();
        WriteHeading(caption, message);
        var user = string.IsNullOrEmpty(userName) ? Ask("User: ") : userName;
        Console.Out.Write($"Password for user {user}: ");
        return new PSCredential(user, ReadLineAsSecureString());
    }

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        PromptForCredential(caption, message, userName, targetName);

    /// <summary>`[Y] Yes  [N] No  ... (default is "Y"): `; a hot key, a label or a blank line answers it.</summary>
    public override int PromptForChoice(
        string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RefuseWhereNonInteractive();
        WriteHeading(caption, message);
        var keys = choices.Select(choice => HotKey(choice.Label)).ToArray();
        var labels = choices.Select(choice => choice.Label.Replace("&", "")).ToArray();
        var question = string.Concat(keys.Zip(labels, (key, label) => $"[{key}] {label}  ")) + "[?] Help ";
        if (defaultChoice >= 0) question += $"(default is \"{keys[defaultChoice]}\"): ";
        while (true)
        {
            var answer = Ask(question).Trim();
            if (answer.Length == 0 && defaultChoice >= 0) return defaultChoice;
            if (answer == "?")
            {
                for (var i = 0; i < keys.Length; i++) WriteLine($"{keys[i]} - {choices[i].HelpMessage}");
            }
            bool Answers(string text) => text.Equals(answer, StringComparison.CurrentCultureIgnoreCase);
            var picked = Array.FindIndex(labels, Answers);
            if (picked < 0) picked = Array.FindIndex(keys, Answers);
            if (picked >= 0) return picked;
        }
    }

    private static string HotKey(string label)
    {
        var mark = label.IndexOf('&');
        return mark >= 0 && mark + 1 < label.Length ? label[(mark + 1)..(mark + 2)].ToUpperInvariant() : "";
    }

    private string Ask(string question)
    {
        Write(question);
        return ReadLine();
    }

    private void WriteHeading(string? caption, string? message)
    {
        if (!string.IsNullOrEmpty(caption)) WriteLine(Environment.NewLine + caption);
        if (!string.IsNullOrEmpty(message)) WriteLine(message);
    }

    private void RefuseWhereNonInteractive()
    {
        if (commandLine.NonInteractive)
            throw new PSInvalidOperationException(
                "PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.");
    }
}
