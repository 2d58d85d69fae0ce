using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Isthmus.Tests.Support.LongFirst))]

namespace Isthmus.Tests.Support;

/// <summary>
/// Begins with the classes that take longest, so that none of them is alone on one processor at the end; the others keep their order.
/// A class that is not named, or is gone, costs time and nothing else.
/// </summary>
public sealed class LongFirst : ITestCollectionOrderer
{
    private static readonly string[] _longest =
    [
        "PackagingTests", "AccuracyTests", "PeerTrapTests", "PathTrapTests", "CollectorTrapTests", "BgpdumpAgreementTests", "InputKindTests",
        "PageInBrowserTests", "TerminalTests", "StatementTests", "HardKindTests", "DamageCampaignTests", "CutTableTests",
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Place(collection.TestCollectionDisplayName))];

    private static int Place(string name)
    {
        int place = Array.FindIndex(_longest, one => name.Contains($".{one}", StringComparison.Ordinal));
        return place < 0 ? _longest.Length : place;
    }
}
