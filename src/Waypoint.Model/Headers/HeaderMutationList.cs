using Waypoint.Model.Formatting;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Headers;

/// <summary>Header changes that happen one after the other, each seeing what the earlier ones left, unlike <see cref="HeaderEdits"/>. Immutable.</summary>
/// <param name="steps">In order.</param>
public sealed class HeaderMutationList(IReadOnlyList<HeaderMutation> steps)
{
    private readonly HeaderMutation[] _steps = [.. steps];

    /// <summary>Changes nothing.</summary>
    public static HeaderMutationList None { get; } = new([]);

    /// <summary>True if <see cref="Apply"/> would do nothing.</summary>
    public bool IsEmpty => _steps.Length == 0;

    /// <summary>Applies the steps.</summary>
    public void Apply<THeaders>(ref THeaders headers, IFormatValues values)
        where THeaders : struct, IMutableHeaders
    {
        foreach (var step in _steps)
        {
            if (step.Remove is not null)
                headers.Remove(step.Remove);
            else if (step.RemoveMatching is not null)
                headers.RemoveMatching(step.RemoveMatching);
            else if (step.Add is not null)
                Add(step.Add, ref headers, values);
        }
    }

    private static void Add<THeaders>(HeaderAddition addition, ref THeaders headers, IFormatValues values)
        where THeaders : struct, IMutableHeaders
    {
        var value = addition.Value.Render(values);
        if (value.Length == 0 && !addition.KeepEmptyValue)
            return;
        var exists = headers.Count(addition.Name) > 0;
        switch (addition.Action)
        {
            case HeaderAppendAction.AddIfAbsent when exists:
            case HeaderAppendAction.OverwriteIfExists when !exists:
                return;
            case HeaderAppendAction.OverwriteIfExists or HeaderAppendAction.OverwriteIfExistsOrAdd:
                headers.Set(addition.Name, value);
                return;
            default:
                headers.Append(addition.Name, value);
                return;
        }
    }
}
