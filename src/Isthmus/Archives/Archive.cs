using Isthmus.Sources;

namespace Isthmus.Archives;

/// <summary>An archive of routes on an http(s) server: a public one, or a mirror that has its folders and names.</summary>
public sealed record Archive
{
    /// <summary>RIPE RIS: <c>rrc00/2017.10/bview.20171001.0000.gz</c>.</summary>
    public static Archive Ris { get; } = new("https://data.ris.ripe.net/");

    /// <summary>
    /// RouteViews: <c>route-views.sg/bgpdata/2017.10/RIBS/rib.20171001.0000.bz2</c>; that of route-views2 has no first folder.
    /// </summary>
    public static Archive RouteViews { get; } = new("https://archive.routeviews.org/");

    /// <param name="address">The folder that the collectors' folders are in, http or https.</param>
    /// <exception cref="InputException">It is no such address.</exception>
    public Archive(string address)
    {
        Root = RootOf(address) ?? throw new InputException(
            $"{HttpAddress.Shown(address)} is no archive: give the http(s) address of a folder, as {Ris!.Root}");
    }

    /// <summary>The folder that holds the collectors, with a slash at its end.</summary>
    public Uri Root { get; }

    /// <summary>As it may be shown, without user and password.</summary>
    public string Name => HttpAddress.Shown(Root.AbsoluteUri);

    /// <summary>What stands at a path below the root.</summary>
    public Uri At(string path) => new(Root, path);

    /// <summary>True for an address of the archive's own server, by the same protocol or by https.</summary>
    public bool Holds(Uri address) => address.Host.Equals(Root.Host, StringComparison.OrdinalIgnoreCase)
        && (address.Scheme == Root.Scheme && address.Port == Root.Port
            || address is { Scheme: "https", IsDefaultPort: true } && Root.IsDefaultPort);

    private static Uri? RootOf(string address) =>
        HttpAddress.IsAddress(address) && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Query: "", Fragment: "" }
            ? new(uri.AbsoluteUri.EndsWith('/') ? uri.AbsoluteUri : uri.AbsoluteUri + "/") : null;
}
