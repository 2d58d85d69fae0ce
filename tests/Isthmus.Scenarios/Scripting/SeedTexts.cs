namespace Isthmus.Scenarios;

/// <summary>Texts of every form that the readers of lines take, for whoever changes them at random.</summary>
public static class SeedTexts
{
    /// <summary>What <c>bgpdump -m</c> prints, a line of each type.</summary>
    public const string Lines = """
        BGP4MP_ET|1506848871.000042|A|2001:db8::2|131072|2001:db8::/48|1 {1,2} (3 4) [5]|EGP|2001:db8::1|9|7|1:2 no-export|AG|1 192.0.2.7|
        BGP4MP_AP|1506848871|W|192.0.2.2|2914|10.0.0.0/8|4294967295
        BGP4MP|1506848871|STATE|192.0.2.2|2914|6|1
        BGP|948240000|A|192.0.2.2|2914|10.0.0.0/8|2914 4837|IGP|192.0.2.1|0|0||NAG|4837 192.0.2.7|
        TABLE_DUMP|948240000|B|192.0.2.2|2914|10.0.0.0/8|2914 4837 131279|IGP|192.0.2.1|0|0|local-AS|NAG||
        TABLE_DUMP2_AP|1506848871|B|2001:db8::2|2914|10.0.0.0/8|3||IGP|192.0.2.1|0|0||AG||

        """;

    /// <summary>A delegated file of a registry, in the extended form.</summary>
    public const string Delegated = """
        2|apnic|20170123|5|19830613|20170122|+1000
        apnic|*|asn|*|1|summary
        apnic|KP|ipv4|175.45.176.0|1024|20091221|assigned|A1
        apnic|KP|asn|131279|1|20091221|allocated|A1
        apnic|CN|ipv6|2001:250::|35|20000426|allocated|A2
        apnic||ipv4|1.1.1.0|768||available|

        """;
}
