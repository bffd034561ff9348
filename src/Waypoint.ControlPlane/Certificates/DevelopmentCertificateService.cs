using System.Security.Cryptography;
using Waypoint.Grpc;
using Waypoint.Grpc.Server;
using Waypoint.Protos.Istio.V1.Auth;

namespace Waypoint.ControlPlane.Certificates;

/// <summary>istiod's <c>CreateCertificate</c> over a development authority.</summary>
/// <param name="authority">Signs.</param>
/// <param name="identify">
/// The SPIFFE id of the caller, as istiod reads it from the token; null refuses the call. Without this function the identity
/// that the request asks for is granted.
/// </param>
public sealed class DevelopmentCertificateService(DevelopmentCertificateAuthority authority, Func<GrpcServerContext, string?>? identify)
{
    private static readonly GrpcMethod<IstioCertificateRequest, IstioCertificateResponse> CreateCertificate = new(
        "istio.v1.auth.IstioCertificateService", "CreateCertificate", IstioCertificateRequest.Parser, IstioCertificateResponse.Parser);

    /// <summary>Serves <c>CreateCertificate</c>.</summary>
    /// <param name="services">To add to.</param>
    public void Map(GrpcServiceMap services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Unary(CreateCertificate, (request, context) => ValueTask.FromResult(Create(request, context)));
    }

    private IstioCertificateResponse Create(IstioCertificateRequest request, GrpcServerContext context)
    {
        var longest = (long)DevelopmentCertificateAuthority.MaxLifetime.TotalSeconds;
        if (request.ValidityDuration < 0 || request.ValidityDuration > longest)
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"requested lifetime {request.ValidityDuration} s; accepted 0-{longest} s");
        try
        {
            var identity = identify is null ? DevelopmentCertificateAuthority.RequestedIdentity(request.Csr) : identify(context);
            if (identity is null)
                throw new GrpcException(GrpcStatusCode.Unauthenticated, identify is null ? "the request names no spiffe:// identity" : "request authenticate failure");
            var lifetime = request.ValidityDuration == 0 ? DevelopmentCertificateAuthority.DefaultLifetime : TimeSpan.FromSeconds(request.ValidityDuration);
            return new IstioCertificateResponse { CertChain = { authority.Sign(request.Csr, identity, lifetime), authority.RootPem } };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new GrpcException(new GrpcStatus(GrpcStatusCode.InvalidArgument, "CSR: " + e.Message), e);
        }
    }
}
