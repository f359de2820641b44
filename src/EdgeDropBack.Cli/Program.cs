return EdgeDropBack.Cli.CommandLine.Run(args, EdgeDropBack.Cli.Terminal.OfProcess());
