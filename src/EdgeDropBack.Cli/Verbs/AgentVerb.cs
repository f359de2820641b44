using EdgeDropBack.DeviceLink;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Serves on the board: a host pushes, trains, watches and pulls over a serial line.</summary>
static class AgentVerb
{
    public static Verb Create(Terminal terminal)
    {
        var limits = new AgentLimits();
        var link = new LinkSettings();
        var folder = new Setting<string>("--dir", "D", null, "The one folder that hosts can read and write", Values.Text);
        var maxFile = new Setting<long?>("--max-file", "SIZE", "256MiB", "Largest file that is taken", Values.Bytes("--max-file"));
        var maxFiles = new Setting<int>("--max-files", "N", "256", "Most files in the folder", Values.Int("--max-files", 1));
        var maxDisk = new Setting<long?>("--max-disk", "SIZE", "1GiB", "Most bytes in the folder", Values.Bytes("--max-disk"));
        var verb = new Verb("agent", "Serves on the board until it is stopped; see 'edb device' for the other end. A port that is unplugged is waited for.",
            "agent --port /dev/ttyGS0 --dir ~/edb", "agent --port /dev/ttyAMA0 --baud 921600 --dir /var/lib/edb --key /etc/edb.key");
        return verb.Takes([.. link.All, folder, maxFile, maxFiles, maxDisk]).Does(parse =>
        {
            using var interrupt = new Interrupt();
            var options = link.Options(parse);
            var directory = folder.In(parse) ?? throw EdbException.Usage("--dir is missing; give the folder that hosts can read and write, such as --dir ~/edb");
            _ = link.Files(parse).WritesFolder("--dir", directory, AgentFolder.FilesIn, mayBeReadOnly: true).Check();
            var served = new AgentFolder(directory, limits with
            {
                FileBytes = maxFile.In(parse)!.Value,
                Files = maxFiles.In(parse),
                FolderBytes = maxDisk.In(parse)!.Value,
            });
            var service = new AgentService(() => link.Open(parse), options, served, new AgentWork(), terminal.Log);
            using var manager = ServiceManager.OfProcess(() => service.IsWell);
            service.Run(() =>
            {
                manager.Ready();
                terminal.Log($"serving {served.Path} at {options.Baud} baud{(options.Key is null ? "" : ", with a key")}");
            }, interrupt.Token);
            return 0;
        });
    }
}
