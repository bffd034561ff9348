namespace Waypoint.Hosting;

internal static class ContainerSession
{
    public static Task<int> RunAsync(ContainerSettings settings) => Task.FromResult(settings is null ? 1 : 3);
}
