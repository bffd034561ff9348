using System.Net;
using Google.Protobuf;
using Waypoint.Model.Workloads;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Store;
using WorkloadMessage = Waypoint.Protos.Istio.Workload.Workload;

namespace Waypoint.Xds.Tests.Store;

/// <summary>Who is behind an address, and who is told when that changes.</summary>
public sealed class WorkloadStoreTests
{
    private readonly WorkloadStore _store = new();
    private readonly List<WorkloadChange> _changes = [];

    public WorkloadStoreTests() => _store.Changed += _changes.Add;

    [Fact]
    public void Apply_FirstWorkloadOfAnAddress_FoundAndNobodyTold()
    {
        Apply(Workload("a", "10.0.0.1"));

        Assert.Equal("a", _store.Find(IPAddress.Parse("10.0.0.1"))!.Uid);
        Assert.Empty(_changes);
    }

    [Fact]
    public void Apply_AddressGoesToAnotherWorkload_ToldWithBoth()
    {
        Apply(Workload("a", "10.0.0.1"));

        Apply(Workload("b", "10.0.0.1"));

        WorkloadChange change = Assert.Single(_changes);
        Assert.Equal((IPAddress.Parse("10.0.0.1"), "a", "b"), (change.Address, change.Before.Uid, change.After!.Uid));
    }

    [Fact]
    public void Apply_SameWorkloadWithAnotherServiceAccount_Told()
    {
        Apply(Workload("a", "10.0.0.1"));

        Apply(Workload("a", "10.0.0.1", account: "other"));

        Assert.Equal("other", Assert.Single(_changes).After!.ServiceAccount);
    }

    [Fact]
    public void Apply_SameWorkloadWithAnotherName_NobodyTold()
    {
        Apply(Workload("a", "10.0.0.1"));

        Apply(Workload("a", "10.0.0.1", name: "renamed"));

        Assert.Empty(_changes);
    }

    [Fact]
    public void Apply_WorkloadIsRemoved_ToldThatNobodyIsThere()
    {
        Apply(Workload("a", "fd00::1"));

        _store.Apply(new AdsResponse(XdsTypeUrls.Workload, "1", [], ["a"]), new Refusals(), static _ => { });

        WorkloadChange change = Assert.Single(_changes);
        Assert.Equal(IPAddress.Parse("fd00::1"), change.Address);
        Assert.Null(change.After);
    }

    [Fact]
    public void Apply_WorkloadMovesToAnotherAddress_OldOneTold()
    {
        Apply(Workload("a", "10.0.0.1"));

        Apply(Workload("a", "10.0.0.2"));

        Assert.Equal((IPAddress.Parse("10.0.0.1"), null), (Assert.Single(_changes).Address, _changes[0].After));
    }

    private void Apply(WorkloadMessage workload) =>
        _store.Apply(
            new AdsResponse(XdsTypeUrls.Workload, "1", [new AdsResource(workload.Uid, "1", XdsTypeUrls.Workload, workload.ToByteString())], []),
            new Refusals(),
            static context => Assert.Empty(context.Problems));

    private static WorkloadMessage Workload(string uid, string address, string account = "default", string name = "pod") => new()
    {
        Uid = uid,
        Name = name,
        Namespace = "shop",
        ServiceAccount = account,
        Addresses = { ByteString.CopyFrom(IPAddress.Parse(address).GetAddressBytes()) },
    };
}
