using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace IisFailover.Bridge;

/// <summary>An object whose type is known at run time only.</summary>
internal readonly struct Late
{
    public Late(object? target) => Target = target;

    public object? Target { get; }

    public static object Create(Type type, params object[] arguments) =>
        Unwrapped(() => Activator.CreateInstance(type, arguments)!);

    public Late Get(string property)
    {
        var target = Target!;
        return new(Unwrapped(() => Property(target.GetType(), property).GetValue(target)));
    }

    /// <summary>Calls the public method that takes exactly these types; null counts as a text.</summary>
    public Late Call(string method, params object?[] arguments)
    {
        var target = Target!;
        var found = target.GetType().GetMethods().FirstOrDefault(one => one.Name == method && !one.IsGenericMethod && Takes(one, arguments))
            ?? throw new MissingMethodException(target.GetType().FullName, method);
        return new(Unwrapped(() => found.Invoke(target, arguments)));
    }

    public IEnumerable<Late> Items()
    {
        foreach (var item in (IEnumerable?)Target ?? Array.Empty<object>()) yield return new(item);
    }

    /// <summary>The message of what was thrown inside of a call by reflection.</summary>
    public static string Reason(Exception exception) => exception.GetBaseException().Message.Trim();

    private static bool Takes(MethodInfo method, object?[] arguments) =>
        method.GetParameters().Select(one => one.ParameterType).SequenceEqual(
            arguments.Select(one => one?.GetType() ?? typeof(string)),
            Assignable.Instance);

    /// <summary>The most derived property of a name: typed classes of the API hide those of their bases.</summary>
    private static PropertyInfo Property(Type type, string name)
    {
        for (var at = type; at != null; at = at.BaseType)
        {
            const BindingFlags own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
            if (at.GetProperty(name, own) is { } found) return found;
        }
        throw new MissingMemberException(type.FullName, name);
    }

    private static T Unwrapped<T>(Func<T> call)
    {
        try { return call(); }
        catch (TargetInvocationException exception) { throw exception.GetBaseException(); }
    }

    private sealed class Assignable : IEqualityComparer<Type>
    {
        public static readonly Assignable Instance = new();

        public bool Equals(Type? parameter, Type? argument) => parameter!.IsAssignableFrom(argument!);

        public int GetHashCode(Type type) => 0;
    }
}
