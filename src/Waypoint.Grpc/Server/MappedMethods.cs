using Grpc.AspNetCore.Server.Model;

namespace Waypoint.Grpc.Server;

/// <summary>Where the library asks which methods there are.</summary>
internal sealed class MappedMethods(GrpcServiceMap services) : IServiceMethodProvider<GrpcServiceMap>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<GrpcServiceMap> context) => services.AddTo(context);
}
