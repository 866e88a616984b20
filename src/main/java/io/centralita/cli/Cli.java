package io.centralita.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The program as a command line. */
@Command(
    name = "centralita",
    description =
        "Turns files of Spanish mobile numbers into operators, and never loses its place.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Cli.Version.class,
    footer = {
      "",
      "First steps:",
      "  ./centralita demo               everything on this machine, with sample numbers",
      "  ./centralita serve              a node; its API is described at /docs",
      "  ./centralita cluster 3          three nodes: kill one, and the others go on",
      "  ./centralita lookup FILE        a file of yours, by that node",
      "",
      "Every command has --help."
    })
public final class Cli implements Callable<Integer> {
  static final int FAILED = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean version;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show where an error comes from.")
  private boolean verbose;

  private Cli() {}

  /** Runs a command to its end and returns the process's exit status. */
  public static int run(String[] arguments, NodeStarter nodes) {
    var shell = new Shell(Terminal.system(), System.getenv(), nodes, Signals::onFirst);
    return commandLine(shell).execute(arguments);
  }

  static CommandLine commandLine(Shell shell) {
    var root = new Cli();
    var line = new CommandLine(root);
    line.addSubcommand(new DemoCommand(shell));
    line.addSubcommand(new ServeCommand(shell));
    line.addSubcommand(new ClusterCommand(shell));
    line.addSubcommand(new LookupCommand(shell));
    line.addSubcommand(ProxiesCommand.line(shell));
    line.addSubcommand(ContactsCommand.line(shell));
    line.addSubcommand(NumberingPlanCommand.line(shell));
    line.addSubcommand(WebhooksCommand.line(shell));
    line.addSubcommand(new OpsCommand(shell));
    line.addSubcommand(simulate(shell));
    line.addSubcommand(bench(shell));
    registerNumbers(line);
    line.setOut(writer(shell.terminal().out()));
    line.setErr(writer(shell.terminal().err()));
    line.setUsageHelpWidth(Math.clamp(shell.terminal().width(), 80, 110));
    line.setUsageHelpAutoWidth(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((wrong, _) -> misused(wrong));
    line.setExecutionExceptionHandler((failure, _, _) -> root.failed(shell, failure));
    return line;
  }

  /** Says of a number that is none what was expected, and not which type of Java. */
  private static void registerNumbers(CommandLine line) {
    line.registerConverter(int.class, Cli::wholeNumber);
    line.registerConverter(Integer.class, Cli::wholeNumber);
    line.registerConverter(long.class, Cli::largeNumber);
    line.registerConverter(double.class, Cli::number);
    line.registerConverter(Double.class, Cli::number);
  }

  private static int wholeNumber(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw notWhole(text);
    }
  }

  private static long largeNumber(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw notWhole(text);
    }
  }

  private static TypeConversionException notWhole(String text) {
    return new TypeConversionException("expected a whole number, not '" + text + "'");
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw new TypeConversionException("expected a number, not '" + text + "'");
    }
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  private static CommandLine simulate(Shell shell) {
    return new CommandLine(new SimulateCommand())
        .addSubcommand(new SimulatePortalCommand(shell))
        .addSubcommand(new SimulateSocksCommand(shell))
        .addSubcommand(new SimulateValidatorsCommand(shell));
  }

  private static CommandLine bench(Shell shell) {
    return new CommandLine(new BenchCommand())
        .addSubcommand(new BenchContactsCommand(shell))
        .addSubcommand(new BenchExtractionCommand(shell))
        .addSubcommand(new BenchFailoverCommand(shell))
        .addSubcommand(new BenchFairnessCommand(shell))
        .addSubcommand(new BenchInspectionCommand(shell))
        .addSubcommand(new BenchLookupCommand(shell))
        .addSubcommand(new BenchFilesCommand(shell))
        .addSubcommand(new BenchNormalisationCommand(shell))
        .addSubcommand(new BenchValidationCommand(shell));
  }

  /** No command: what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }

  private static int misused(ParameterException wrong) {
    var line = wrong.getCommandLine();
    line.getErr().println(wrong.getMessage());
    line.getErr().println("Try: " + line.getCommandSpec().qualifiedName() + " --help");
    return CommandLine.ExitCode.USAGE;
  }

  private int failed(Shell shell, Exception failure) {
    shell.terminal().err().println("centralita: " + Explanation.of(failure));
    if (verbose) {
      failure.printStackTrace(shell.terminal().err());
    }
    return failure instanceof Misuse ? CommandLine.ExitCode.USAGE : FAILED;
  }

  /** From the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var version = Cli.class.getPackage().getImplementationVersion();
      return new String[] {"centralita " + (version == null ? "(not packaged)" : version)};
    }
  }
}
