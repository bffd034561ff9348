using System.Buffers;
using Waypoint.Model.Formatting;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Headers;

/// <summary>Header changes of one level (weighted cluster, route, virtual host or table): removals first, then values. Immutable.</summary>
/// <param name="remove"><c>*_headers_to_remove</c>, lower case.</param>
/// <param name="add"><c>*_headers_to_add</c> in order.</param>
public sealed class HeaderEdits(IReadOnlyList<string> remove, IReadOnlyList<HeaderAddition> add)
{
    private readonly string[] _remove = [.. remove];
    private readonly HeaderAddition[] _add = [.. add];

    /// <summary>Changes nothing.</summary>
    public static HeaderEdits None { get; } = new([], []);

    /// <summary>Names to remove, lower case.</summary>
    public IReadOnlyList<string> Remove => _remove;

    /// <summary>Values to set or add, in order.</summary>
    public IReadOnlyList<HeaderAddition> Add => _add;

    /// <summary>True if <see cref="Apply"/> would do nothing.</summary>
    public bool IsEmpty => _remove.Length == 0 && _add.Length == 0;

    /// <summary>Applies the changes. All values are rendered, and all conditions on existing lines decided, before the first header is set; replacements come
    /// before additions, so that an addition survives a replacement of the same name.</summary>
    public void Apply<THeaders>(ref THeaders headers, IFormatValues values)
        where THeaders : struct, IMutableHeaders
    {
        foreach (var name in _remove)
            headers.Remove(name);
        if (_add.Length == 0)
            return;

        var rendered = ArrayPool<string?>.Shared.Rent(_add.Length);
        try
        {
            for (var i = 0; i < _add.Length; i++)
                rendered[i] = ValueToSet(_add[i], headers, values);
            for (var i = 0; i < _add.Length; i++)
            {
                if (rendered[i] is { } value && IsReplacement(_add[i].Action))
                    headers.Set(_add[i].Name, value);
            }

            for (var i = 0; i < _add.Length; i++)
            {
                if (rendered[i] is { } value && !IsReplacement(_add[i].Action))
                    headers.Append(_add[i].Name, value);
            }
        }
        finally
        {
            ArrayPool<string?>.Shared.Return(rendered, clearArray: true);
        }
    }

    private static bool IsReplacement(HeaderAppendAction action) =>
        action is HeaderAppendAction.OverwriteIfExistsOrAdd or HeaderAppendAction.OverwriteIfExists;

    private static string? ValueToSet<THeaders>(HeaderAddition addition, in THeaders headers, IFormatValues values)
        where THeaders : struct, IMutableHeaders
    {
        var value = addition.Value.Render(values);
        if (value.Length == 0 && !addition.KeepEmptyValue)
            return null;
        return addition.Action switch
        {
            HeaderAppendAction.AddIfAbsent when headers.Count(addition.Name) > 0 => null,
            HeaderAppendAction.OverwriteIfExists when headers.Count(addition.Name) == 0 => null,
            _ => value,
        };
    }
}
