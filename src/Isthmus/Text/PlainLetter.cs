namespace Isthmus.Text;

/// <summary>Letters without their accents, by which names are compared: the runtime's own decomposition needs data of the system.</summary>
internal static class PlainLetter
{
    /// <summary>The letter without its accent, for a small letter of European names; any other as it is.</summary>
    public static char Of(char letter) => letter switch
    {
        >= 'à' and <= 'å' or 'ā' or 'ă' or 'ą' or 'ǎ' or (>= 'ạ' and <= 'ặ') => 'a',
        'ç' or 'ć' or 'č' => 'c',
        'ď' or 'đ' => 'd',
        >= 'è' and <= 'ë' or 'ē' or 'ė' or 'ę' or 'ě' or (>= 'ẹ' and <= 'ệ') => 'e',
        'ğ' or 'ģ' => 'g',
        >= 'ì' and <= 'ï' or 'ī' or 'į' or 'ı' or 'İ' or 'ỉ' or 'ị' => 'i',
        'ķ' => 'k',
        'ł' or 'ļ' or 'ľ' => 'l',
        'ñ' or 'ń' or 'ň' or 'ņ' => 'n',
        >= 'ò' and <= 'ö' or 'ø' or 'ō' or 'ő' or 'ơ' or (>= 'ọ' and <= 'ợ') => 'o',
        'ř' => 'r',
        'ş' or 'š' or 'ś' or 'ș' => 's',
        'ţ' or 'ț' or 'ť' => 't',
        >= 'ù' and <= 'ü' or 'ū' or 'ů' or 'ű' or 'ų' or 'ư' or (>= 'ụ' and <= 'ự') => 'u',
        'ý' or 'ÿ' or (>= 'ỳ' and <= 'ỹ') => 'y',
        'ź' or 'ż' or 'ž' => 'z',
        _ => letter,
    };
}
