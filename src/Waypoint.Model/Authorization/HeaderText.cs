using System.Text;

namespace Waypoint.Model.Authorization;

/// <summary>A header of several lines as one text. It allocates: only conditions and matcher trees, which istiod never sends, look at headers this way.</summary>
internal static class HeaderText
{
    public static string Join<TContext>(string name, int count, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        var text = new StringBuilder(context.Get(name, 0));
        for (int i = 1; i < count; i++)
            text.Append(',').Append(context.Get(name, i));
        return text.ToString();
    }
}
