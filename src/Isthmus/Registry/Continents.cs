namespace Isthmus.Registry;

/// <summary>
/// The continents of countries, by the codes of the United Nations' M49 list with the Americas parted at Panama's border.
/// </summary>
public static class Continents
{
    private static readonly Dictionary<string, string> _codes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["africa"] = "DZ AO BJ BW BF BI CV CM CF TD KM CG CD CI DJ EG GQ ER SZ ET GA GM GH GN GW KE LS LR LY MG MW ML MR MU YT MA MZ NA NE NG"
            + " RE RW SH ST SN SC SL SO ZA SS SD TZ TG TN UG EH ZM ZW IO TF",
        ["asia"] = "AF AM AZ BH BD BT BN KH CN CY GE HK IN ID IR IQ IL JP JO KZ KW KG LA LB MO MY MV MN MM NP KP OM PK PS PH QA KR SA SG LK SY"
            + " TW TJ TH TL TR TM AE UZ VN YE",
        ["europe"] = "AX AL AD AT BY BE BA BG HR CZ DK EE FO FI FR DE GI GR GG HU IS IE IM IT JE LV LI LT LU MT MD MC ME NL MK NO PL PT RO RU SM"
            + " RS SK SI ES SJ SE CH UA GB VA",
        ["north-america"] = "AI AG AW BS BB BZ BM BQ VG CA KY CR CU CW DM DO SV GL GD GP GT HT HN JM MQ MX MS NI PA PR BL KN LC MF PM VC SX TT TC"
            + " US VI",
        ["south-america"] = "AR BO BR CL CO EC FK GF GY PY PE SR UY VE",
        ["oceania"] = "AS AU CK FJ PF GU KI MH FM NR NC NZ NU NF MP PW PG PN WS SB TK TO TV UM VU WF",
    };

    /// <summary>Their names, as they are asked for.</summary>
    public static IReadOnlyCollection<string> Names => _codes.Keys;

    /// <summary>The countries of a continent; null where there is none of that name.</summary>
    public static IReadOnlySet<Country>? Of(string name) =>
        _codes.TryGetValue(name.Trim().Replace(' ', '-'), out string? codes) ? codes.Split(' ').Select(code => Country.Parse(code))
            .ToHashSet() : null;
}
