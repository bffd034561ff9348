using System.Text.Json;

namespace Waypoint.Conformance.Tests;

/// <summary>Runs the cases of one set. An expectation that it does not know fails the case: nothing passes unseen.</summary>
internal interface IConformanceRunner
{
    /// <summary>The set.</summary>
    string Set { get; }

    /// <summary>Runs one case and asserts what it expects.</summary>
    void Run(JsonElement testCase, ConformanceTable table);
}
