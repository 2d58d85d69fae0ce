using CsCheck;

using Isthmus.Claims;
using Isthmus.Registry;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Claims;

/// <summary>Statements of the October 2017 story, right and wrong, held against the sample.</summary>
public sealed class ClaimCheckTests
{
    private const Mark Yes = Mark.Confirmed, No = Mark.Contradicted, Unsaid = Mark.NotDecidable;

    private static readonly ClaimCheck _check = new(RegistrySnapshot.Shipped);

    // What stands behind the cut may turn round what stands before it.
    [Theory]
    [InlineData("TransTeleCom carries 175.45.178.0/24 (", ") only until 1999 and never since.")]
    [InlineData("TransTeleCom carries 175.45.178.0/24, ", ", is what nobody believes.")]
    [InlineData("", " it is not true that TransTeleCom carries 175.45.178.0/24.")]
    public void A_sentence_that_is_too_long_to_be_read_as_one_is_neither_confirmed_nor_contradicted(string begins, string ends)
    {
        string text = begins + string.Join(' ', Enumerable.Repeat("so they say", 300)) + ends;
        Assert.All(_check.Run(text, SampleReport.Kp).Claims, claim => Assert.Equal(Unsaid, claim.Mark));
    }

    [Theory]
    // Who carries whom.
    [InlineData("TransTeleCom carries routes of North Korea.", ClaimKind.Carries, Yes)]
    [InlineData("North Korea is connected via Russia.", ClaimKind.Carries, Yes)]
    [InlineData("North Korea's routes are carried by China Unicom.", ClaimKind.Carries, Yes)]
    [InlineData("Intelsat provides transit to North Korea.", ClaimKind.Carries, No)]
    [InlineData("North Korea is still connected through AS20485.", ClaimKind.Carries, Yes)]
    [InlineData("At the time of writing, only 175.45.178.0/24 is carried by TransTeleCom.", ClaimKind.Carries, Yes)]
    [InlineData("TransTeleCom still carries 175.45.176.0/24.", ClaimKind.Carries, No)]
    [InlineData("North Korea is reached via Japan.", ClaimKind.Carries, No)]
    [InlineData("Russia's Rostelecom is an upstream of North Korea.", ClaimKind.Carries, No)]
    [InlineData("Zorgtel provides transit to North Korea.", ClaimKind.Carries, Unsaid)]
    [InlineData("175.45.178.0/24 was carried by TransTeleCom.", ClaimKind.Carries, Yes)]
    [InlineData("175.45.177.0/24 was carried by TransTeleCom.", ClaimKind.Carries, No)]
    [InlineData("TTK carries routes of North Korea.", ClaimKind.Carries, Yes)]
    // Denied.
    [InlineData("175.45.177.0/24 was never carried by TransTeleCom.", ClaimKind.Carries, Yes)]
    [InlineData("TransTeleCom did not carry North Korea.", ClaimKind.Carries, No)]
    [InlineData("TTK had not carried North Korea before 1 October.", ClaimKind.Carries, Unsaid)]
    [InlineData("TransTeleCom never returned after 10:14 UTC on 1 October.", ClaimKind.Returned, No)]
    [InlineData("TransTeleCom did not return.", ClaimKind.Returned, No)]
    [InlineData("No outages were seen on 1 October.", ClaimKind.Outage, No)]
    [InlineData("TransTeleCom is not the only provider of North Korea.", ClaimKind.Sole, Yes)]
    // Since when.
    [InlineData("On 1 October 2017 at 09:07:51 UTC TransTeleCom began to carry North Korea's routes.", ClaimKind.Began, Yes)]
    [InlineData("TransTeleCom appeared as an upstream at 0908 GMT on October 1.", ClaimKind.Began, Yes)]
    [InlineData("TransTeleCom began to carry North Korea at around 17:38 Pyongyang time on Oct. 1, 2017.", ClaimKind.Began, Yes)]
    [InlineData("TransTeleCom began to carry North Korea at 5:38 p.m. UTC+8:30 on Sunday.", ClaimKind.Began, Yes)]
    [InlineData("TransTeleCom began to carry North Korea at 5:38 p.m. UTC on Sunday.", ClaimKind.Began, No)]
    [InlineData("TransTeleCom began to carry North Korea at 08:07:51 UTC on 1 October 2017.", ClaimKind.Began, No)]
    [InlineData("TransTeleCom began to carry North Korea on 2 October 2017.", ClaimKind.Began, No)]
    [InlineData("TransTeleCom began to carry 175.45.177.0/24.", ClaimKind.Began, No)]
    [InlineData("TransTeleCom began to carry North Korea on 3 November 2017.", ClaimKind.Began, Unsaid)]
    [InlineData("China Unicom began to carry North Korea on 1 October 2017.", ClaimKind.Began, No)]
    [InlineData("Cogent became the upstream of AS131279 on 1 October 2017.", ClaimKind.Began, No)]
    [InlineData("Japan's KDDI began to carry North Korea's routes.", ClaimKind.Began, No)]
    [InlineData("The Russian telecommunications company TransTeleCom opened a link for North Korea at 09:08 GMT on Sunday.", ClaimKind.Began, Yes)]
    [InlineData("TransTeleCom vanished at 10:14 UTC on 1 October and returned at 12:22 UTC.", ClaimKind.Returned, Yes)]
    [InlineData("At 3 p.m. in Moscow on 1 October TransTeleCom returned.", ClaimKind.Returned, Yes)]
    [InlineData("At 3 p.m. in Berlin on 1 October TransTeleCom returned.", ClaimKind.Returned, No)]
    [InlineData("TransTeleCom returned at 12:21:55 UTC on 1 October 2017.", ClaimKind.Returned, Yes)]
    [InlineData("TransTeleCom was back at 11:00 UTC on 1 October 2017.", ClaimKind.Returned, No)]
    // Until when, from when to when.
    [InlineData("TransTeleCom disappeared at 10:14:45 UTC on 1 October 2017.", ClaimKind.Ended, Yes)]
    [InlineData("TransTeleCom vanished at 10:41:45 UTC on 1 October 2017.", ClaimKind.Ended, No)]
    [InlineData("On 2 October at 07:56:39 UTC 175.45.176.0/24 stopped going through TransTeleCom.", ClaimKind.Ended, Yes)]
    [InlineData("On 2 October at 07:56:39 UTC 175.45.178.0/24 stopped going through TransTeleCom.", ClaimKind.Ended, No)]
    [InlineData("TransTeleCom carried North Korea's routes from 09:07:51 to 10:14:45 UTC on 1 October.", ClaimKind.Carries, Yes)]
    [InlineData("TransTeleCom carried North Korea's routes from 09:07 to 11:30 UTC on 1 October.", ClaimKind.Carries, No)]
    // What share.
    [InlineData("TransTeleCom carried roughly 60 percent of North Korea's routes on 1 October 2017.", ClaimKind.Share, Yes)]
    [InlineData("TransTeleCom carries 95 percent of North Korea's routes.", ClaimKind.Share, No)]
    [InlineData("TransTeleCom now carries 60% of North Korea's routes.", ClaimKind.Share, No)]
    [InlineData("TransTeleCom now carries one fifth of North Korea's routes.", ClaimKind.Share, Yes)]
    [InlineData("More than half of North Korea's routes went by TransTeleCom on 1 October.", ClaimKind.Share, Yes)]
    [InlineData("Half of North Korea's prefixes go by Russia.", ClaimKind.Share, No)]
    [InlineData("Most of North Korea's routes go via China.", ClaimKind.Share, Yes)]
    [InlineData("Unicom now transmits 80 percent of North Korea's routes.", ClaimKind.Share, Yes)]
    [InlineData("TransTeleCom handles roughly 60 percent of North Korea's traffic.", ClaimKind.Share, Unsaid)]
    // How many routes or addresses.
    [InlineData("TransTeleCom began to carry three of the four routes.", ClaimKind.Part, Yes)]
    [InlineData("TransTeleCom began to carry all four routes.", ClaimKind.Part, No)]
    [InlineData("By 2 October TransTeleCom carried only one of the four prefixes.", ClaimKind.Part, Yes)]
    [InlineData("Two of the four prefixes went by TransTeleCom at 08:30 UTC on 2 October.", ClaimKind.Part, Yes)]
    [InlineData("Two of the four prefixes went by TransTeleCom at 14:00 UTC on 1 October.", ClaimKind.Part, No)]
    [InlineData("North Korea has four networks.", ClaimKind.Size, Yes)]
    [InlineData("North Korea has five networks.", ClaimKind.Size, No)]
    [InlineData("North Korea has 1,024 IP addresses.", ClaimKind.Size, Yes)]
    [InlineData("North Korea has about 1,000 addresses.", ClaimKind.Size, Yes)]
    [InlineData("North Korea has two providers.", ClaimKind.Size, Yes)]
    // Sole or not.
    [InlineData("Until 1 October 2017, China Unicom was the sole provider of North Korea.", ClaimKind.Sole, Yes)]
    [InlineData("TransTeleCom is the sole upstream of North Korea.", ClaimKind.Sole, No)]
    [InlineData("North Korea relies exclusively on China Unicom.", ClaimKind.Sole, No)]
    // First time.
    [InlineData("TransTeleCom carried North Korea for the first time.", ClaimKind.First, Unsaid)]
    [InlineData("On 2 October 2017 TransTeleCom carried North Korea for the first time.", ClaimKind.First, No)]
    // Trouble.
    [InlineData("Between 10:47 and 12:26 UTC on 1 October the routes were unstable.", ClaimKind.Unstable, Yes)]
    [InlineData("Between 14:00 and 15:00 UTC on 1 October the routes were unstable.", ClaimKind.Unstable, No)]
    [InlineData("There were four short periods when all four were down.", ClaimKind.Outage, Yes)]
    [InlineData("There were two outages.", ClaimKind.Outage, No)]
    // Number and name.
    [InlineData("Kim's network AS131269 is reached by AS4837.", ClaimKind.Identity, No)]
    [InlineData("Star JV (AS131279) is North Korea's network.", ClaimKind.Identity, Yes)]
    [InlineData("Star JV (AS131269) is North Korea's network.", ClaimKind.Identity, No)]
    [InlineData("The Russian carrier TransTeleCom (AS20458) appeared.", ClaimKind.Identity, No)]
    public void A_statement_is_marked_as_the_data_have_it(string text, ClaimKind kind, Mark mark)
    {
        var judged = _check.Run(text, SampleReport.Kp).Claims.Where(claim => claim.Claim.Kind == kind).ToArray();
        var one = Assert.Single(judged);
        Assert.True(one.Mark == mark, $"{one.Mark}: {one.Why}");
        Assert.False(string.IsNullOrWhiteSpace(one.Why));
    }

    [Theory]
    [InlineData("Star JV (AS131269) is North Korea's network.", "AS131279")]
    [InlineData("TransTeleCom began to carry North Korea at 08:07:51 UTC on 1 October 2017.", "2017-10-01 09:07:51 UTC, 1 h away")]
    [InlineData("TransTeleCom now carries 60% of North Korea's routes.", "21%, the route share at the end")]
    [InlineData("North Korea has five networks.", "4 prefixes")]
    [InlineData("TransTeleCom carried North Korea's routes from 09:07 to 11:30 UTC on 1 October.", "2017-10-01 09:07:51 to 2017-10-01 10:14:57 UTC")]
    public void What_is_contradicted_has_the_closest_true_figure(string text, string closest) => Assert.Contains(
        _check.Run(text, SampleReport.Kp).Claims,
        claim => claim.Mark is No && claim.Closest?.StartsWith(closest, StringComparison.Ordinal) is true);

    [Theory]
    [InlineData("TransTeleCom now carries \u0666\u0660% of North Korea's routes.")] // Arabic-Indic
    [InlineData("TransTeleCom now carries \u096c\u0966% of North Korea's routes.")] // Devanagari
    [InlineData("TransTeleCom now carries \uff16\uff10% of North Korea's routes.")] // full width
    public void Digits_of_another_script_are_the_same_figures(string text)
    {
        var one = Assert.Single(_check.Run(text, SampleReport.Kp).Claims, claim => claim.Claim.Kind is ClaimKind.Share);
        Assert.Equal(No, one.Mark);
        Assert.StartsWith("21%, the route share at the end", one.Closest, StringComparison.Ordinal);
    }

    // What is allocated stands for the work: time on a machine that others use says little.
    [Theory]
    [InlineData("Radio said that AS131279, AS4837 and 175.45.176.0/22 are names (no stop here) ")]
    [InlineData("TransTeleCom began to carry routes of North Korea on 1 October 2017, beside China Unicom. ")]
    [InlineData("aaaa bbbb; and carried, since, from 1 to 2 percent of ")]
    public void The_work_grows_with_the_text_and_not_with_its_square(string part)
    {
        long Work(int characters)
        {
            string text = string.Concat(Enumerable.Repeat(part, characters / part.Length));
            long before = GC.GetAllocatedBytesForCurrentThread();
            _check.Run(text, SampleReport.Kp);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Work(10_000);
        Assert.InRange(Work(400_000) / (double)Work(100_000), 0, 6);
    }

    [Fact]
    public void Statements_beyond_the_bound_are_counted_and_said()
    {
        string text = string.Concat(Enumerable.Repeat("TransTeleCom carries routes of North Korea. ", ClaimCheck.ClaimsMax + 3));
        var check = _check.Run(text, SampleReport.Kp);
        Assert.Equal((ClaimCheck.ClaimsMax, 3), (check.Claims.Count, check.Unjudged));
        var output = new StringWriter();
        CheckText.Write(check, output);
        Assert.Contains("3 more statements were found and not judged", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_without_a_zone_is_taken_as_UTC_and_that_is_said()
    {
        var claim = Assert.Single(_check.Run("TransTeleCom began to carry North Korea at 09:08 on 1 October 2017.", SampleReport.Kp).Claims);
        Assert.Equal(Yes, claim.Mark);
        Assert.Contains("UTC is assumed", claim.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_confirmed_change_leads_to_the_records_that_prove_it()
    {
        var claim = Assert.Single(_check.Run("TransTeleCom appeared at 09:07:51 UTC on 1 October 2017.", SampleReport.Kp).Claims);
        string id = Assert.Single(claim.Changes);
        var change = Assert.Single(SampleReport.Kp.Transit.Changes, change => change.Id == id);
        Assert.Contains(change.Witnesses, witness => witness.Step.Place.Record > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("The weather in Pyongyang was fine.")]
    [InlineData("TransTeleCom is a railway company with 60 offices.")]
    [InlineData("Kim said the economy grew by 3 percent.")]
    [InlineData("TransTeleCom carries more routes than China Unicom.")]
    [InlineData("TransTeleCom is a company. Officials began an inquiry at 10:00 UTC on 1 October.")]
    public void What_routing_cannot_decide_is_passed_over_or_left_undecided(string text) =>
        Assert.DoesNotContain(_check.Run(text, SampleReport.Kp).Claims, claim => claim.Mark is not Unsaid);

    [Theory]
    [InlineData("North Korea gets a new Internet link via Russia.", "KP")]
    [InlineData("Russia now carries the routes of North Korea.", "KP")]
    [InlineData("The routes to AS131279 go through AS4837.", "AS131279")]
    [InlineData("Cuba's network is reached via Spain and the United States.", "CU")]
    public void The_subject_is_found_in_the_text(string text, string subject) =>
        Assert.Equal(subject, _check.SubjectOf(text));

    [Fact]
    public void A_whole_story_reads_as_it_was_reviewed()
    {
        string text = File.ReadAllText(Path.Combine(RealData.Repository, "tests", "Isthmus.Tests", "Claims", "story.txt"));
        var output = new StringWriter { NewLine = "\n" };
        CheckText.Write(_check.Run(text, SampleReport.Kp), output);
        Golden.Check("check-story.txt", output.ToString());
    }

    [Fact]
    public void The_program_checks_a_file_standard_input_or_the_words_themselves()
    {
        const string Text = "Star JV (AS131269) is North Korea's network.";
        var words = Cli.Run("check", Text, "samples/kp-2017-10");
        Assert.Equal(0, words.ExitCode);
        Assert.Contains("CONTRADICTED  name and number", words.Out, StringComparison.Ordinal);
        Assert.Contains("about North Korea", words.Err, StringComparison.Ordinal);
        var fed = Cli.Feed(System.Text.Encoding.UTF8.GetBytes(Text), "check", "-", "samples/kp-2017-10", "--format", "json").Json();
        Assert.Equal("contradicted", fed.GetProperty("claims")[0].GetProperty("mark").GetString());
        Assert.Equal("AS131279", fed.GetProperty("claims")[0].GetProperty("closest").GetString());
        Assert.Contains("there is no file 'nothere.txt'", Cli.Run("check", "nothere.txt").Err, StringComparison.Ordinal);
        Assert.Equal(2, Cli.Run("check", "No network is named here.", "samples/kp-2017-10").ExitCode);
    }

    [Theory]
    [InlineData("TransTeleCom carried half of the prefixes before and after 10:00 UTC on 1 October 2017.")]
    [InlineData("TransTeleCom returned after 10:00 UTC and before 12:00 UTC on 1 October 2017.")]
    [InlineData("After 10:00 UTC on 1 October 2017 TransTeleCom lost half of its routes.")]
    [InlineData("North Korea was offline before and after 11:00 UTC on 1 October 2017.")]
    [InlineData("TransTeleCom was the sole provider after 31 December 9999 and the next day.")]
    [InlineData("TransTeleCom carried three of the four prefixes between and after 10:00 UTC on 1 October 2017.")]
    public void A_time_without_an_end_is_judged_without_a_fault(string text) => Assert.NotNull(_check.Run(text, SampleReport.Kp).Claims);

    [Fact]
    public void Any_text_is_read_to_its_end_without_a_fault() => Gen
        .OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]), Gen.String[0, 6])
        .Array[0, 25].Sample(words => Assert.NotNull(_check.Run(string.Join(' ', words), SampleReport.Kp).Claims), iter: 300);

    private static readonly string[] Pieces =
    [
        "TransTeleCom", "AS20485", "60 percent", "began", "from", "to", "10:47", "UTC", "1 October 2017", "(", ")", ".", ",", "three of the four",
        "routes", "down", "175.45.176.0/24", "99:99", "AS99999999999", "0000 GMT", "31 February", "at", "local time", "\n\n", "00 p.m.", "UTC+99",
        "0-00-00", "2017-13-40", "Pyongyang time", "999999999999999999 routes", "before", "after", "before and after 10:14 UTC", "by", "until", "since",
        "between", "and", "China Unicom", "North Korea", "half of the routes", "lost", "and never returned", "was gone", "took over from",
        "31 December 9999 at 23:59 EST", "9999-12-31", "0001-01-01", "the next day", "in 1900", "Two networks carry", "never lost a prefix",
        "the sole provider", "returned", "did not carry", "stopped carrying", "was offline",
    ];
}
