package app

import (
	"flag"
	"io"
	"strings"

	"qiao/internal/platform/config"
)

// flags makes the flag set of a command with the program's settings in it.
func flags(name string, cfg *config.Config) *flag.FlagSet {
	f := bare(name)
	cfg.Flags(f)
	return f
}

// bare makes the flag set of a command without settings. What is wrong with a flag is told by Main, in one line.
func bare(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// parseMixed reads flags that stand before or behind the words of a command, which it returns.
func parseMixed(f *flag.FlagSet, args []string, env func(string) string) ([]string, error) {
	var words []string
	for {
		err := config.Parse(f, args, env)
		if err == flag.ErrHelp { //nolint:errorlint // as package flag returns it
			return nil, helpWanted{f}
		}
		if err != nil {
			return nil, err
		}
		rest := f.Args()
		if len(rest) == 0 {
			return words, nil
		}
		words, args = append(words, rest[0]), rest[1:]
	}
}

// helpWanted says that a person asked for help with a command.
type helpWanted struct{ flags *flag.FlagSet }

func (helpWanted) Error() string { return flag.ErrHelp.Error() }

// Is makes errors.Is(err, flag.ErrHelp) true.
func (helpWanted) Is(target error) bool { return target == flag.ErrHelp } //nolint:errorlint // the sentinel itself

// help writes what a command does, its flags and an example. Settings that only a server needs are not shown for other
// commands; the environment gives them just the same.
func (c command) help(w io.Writer, f *flag.FlagSet) {
	say(w, "%s\n\n  qiao %s %s\n  e.g. %s\n", c.about, c.name, c.args, c.example)
	if f == nil {
		return
	}
	say(w, "\n")
	f.VisitAll(func(x *flag.Flag) {
		if c.name != "serve" && config.ServerOnly(x.Name) {
			return
		}
		kind, about := flag.UnquoteUsage(x)
		if x.DefValue != "" && x.DefValue != "false" && x.DefValue != "0" {
			about += " (default " + x.DefValue + ")"
		}
		say(w, "  --%-22s %s\n", strings.TrimSpace(x.Name+" "+kind), about)
	})
	if f.Lookup("data") != nil {
		say(w, "\nEach flag may stand in the environment instead: QIAO_DATA for --data.\n")
	}
}
