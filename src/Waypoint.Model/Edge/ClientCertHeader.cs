using System.Text;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Edge;

/// <summary>Treats <c>x-forwarded-client-cert</c>. What a client says about its own certificate counts only where the configuration trusts whoever may connect.</summary>
public static class ClientCertHeader
{
    /// <summary>Removes, keeps or writes the header.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="forwarding">The configured mode.</param>
    /// <param name="details">What a written header tells besides <c>By</c> and <c>Hash</c>, in this order.</param>
    /// <param name="certificate">What was shown on the connection; null without mutual TLS, as on every connection inside a tunnel.</param>
    public static void Apply<THeaders>(ref THeaders headers, ClientCertForwarding forwarding, IReadOnlyList<ClientCertDetail> details, ClientCertificate? certificate)
        where THeaders : struct, IMutableHeaders
    {
        if (forwarding == ClientCertForwarding.AlwaysForwardOnly)
            return;
        if (forwarding == ClientCertForwarding.Sanitize || certificate is null)
        {
            headers.Remove(HeaderNames.ForwardedClientCert);
            return;
        }

        if (forwarding == ClientCertForwarding.ForwardOnly)
            return;
        string made = Format(details, certificate);
        if (made.Length == 0)
            return;
        if (forwarding == ClientCertForwarding.AppendForward && headers.Count(HeaderNames.ForwardedClientCert) > 0)
            made = Lines.Joined(headers, HeaderNames.ForwardedClientCert) + "," + made;
        headers.Set(HeaderNames.ForwardedClientCert, made);
    }

    private static string Format(IReadOnlyList<ClientCertDetail> details, ClientCertificate certificate)
    {
        var text = new StringBuilder();
        foreach (var uri in certificate.LocalUris)
            Add(text, "By=", uri, "");
        if (certificate.Sha256.Length > 0)
            Add(text, "Hash=", certificate.Sha256, "");
        foreach (var detail in details)
            AddDetail(text, detail, certificate);
        return text.ToString();
    }

    private static void AddDetail(StringBuilder text, ClientCertDetail detail, ClientCertificate certificate)
    {
        switch (detail)
        {
            case ClientCertDetail.Subject:
                Add(text, "Subject=\"", certificate.Subject, "\"");
                break;
            case ClientCertDetail.Uri when certificate.Uris.Count == 0:
                Add(text, "URI=", "", "");
                break;
            case ClientCertDetail.Uri:
                foreach (var uri in certificate.Uris)
                    Add(text, "URI=", uri, "");
                break;
            case ClientCertDetail.Dns:
                foreach (var name in certificate.DnsNames)
                    Add(text, "DNS=", name, "");
                break;
            case ClientCertDetail.Cert when certificate.Pem.Length > 0:
                Add(text, "Cert=\"", certificate.Pem, "\"");
                break;
            case ClientCertDetail.Chain when certificate.ChainPem.Length > 0:
                Add(text, "Chain=\"", certificate.ChainPem, "\"");
                break;
        }
    }

    private static void Add(StringBuilder text, string key, string value, string end)
    {
        if (text.Length > 0)
            text.Append(';');
        text.Append(key).Append(value).Append(end);
    }
}
