using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>The countries of ASes by one rule, as numbers: each AS is looked up once.</summary>
internal sealed class AsCountries(CountryView view)
{
    /// <summary>In place of a country: no witness says.</summary>
    public const int Unknown = -1;

    private readonly Dictionary<Asn, int> _ofAs = [];
    private readonly Dictionary<Country, int> _numbers = [];
    private readonly List<Country> _countries = [];

    /// <summary>The countries met so far, by their numbers.</summary>
    public IReadOnlyList<Country> All => _countries;

    /// <summary>The rule.</summary>
    public CountryView View => view;

    /// <summary>The number of an AS's country, or <see cref="Unknown"/>.</summary>
    public int Of(Asn asn)
    {
        if (!_ofAs.TryGetValue(asn, out int number)) _ofAs[asn] = number = NumberOf(view.CountryOf(asn));
        return number;
    }

    /// <summary>The number of a country, new or known.</summary>
    public int NumberOf(Country country)
    {
        if (country.IsNone) return Unknown;
        if (_numbers.TryGetValue(country, out int number)) return number;
        _countries.Add(country);
        return _numbers[country] = _countries.Count - 1;
    }
}
