using Isthmus.Scenarios;

if (args is ["chdb", var port, var data, var library])
{
    ChdbServer.Run(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), data, library);
    return 0;
}
if (args is not ["kp-2017-10", var folder])
{
    Console.Error.WriteLine("usage: Isthmus.Scenarios kp-2017-10 OUTFOLDER    write the re-enactment of 1-2 October 2017");
    return 2;
}
KpReenactment.Create().WriteTo(folder);
return 0;
