package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/config"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
)

// Streams are what a command reads and writes, and where it finds its environment.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(name string) string
	Clock    clock.Clock // of a server; nil: the machine's. Stories of people move it
}

// The exit codes of every command.
const (
	exitDone    = 0
	exitFinding = 1 // it ran, and found something wrong
	exitUsage   = 2 // it was called wrongly
)

// command is one verb of the program.
type command struct {
	name, args, about, example string
	run                        func(ctx context.Context, args []string, s Streams) (int, error)
}

func commands() []command {
	return []command{
		{"serve", "[flags]", "serve the site", "qiao serve --listen 127.0.0.1:8080 --data var --demo", runServe},
		{"setup", "--name ORGANISATION --login NAME", "found the first organisation of a new node: operator and authority", "qiao setup --name \"Jiaxing Science and Technology Bureau\" --login wang@example.cn --region 330400", runSetup},
		{"import", "FORMAT FILE --org ID [--dry-run]", "import resources: auto, xlsx, csv, nrii, uniquip, pidinst, bibtex, ris, qiao", "qiao import uniquip list.csv --org 018f… --dry-run", runImport},
		{"export", "FORMAT", "export resources: csv, xlsx, uniquip, pidinst, nrii, jsonl, bibtex, ris; all: everything, to leave", "qiao export uniquip > resources.csv", runExport},
		{"seed", "--scale delta|nation|N --seed S", "load synthetic data of the size of a region", "qiao seed --scale 1000 --seed 7", runSeed},
		{"verify", "[flags]", "check every invariant; findings as JSON", "qiao verify --data var", runVerify},
		{"token", "--login NAME", "print an API token for scripts", "qiao token --login lab@demo.qiao", runToken},
		{"clock", "due --received DATE --days N", "count a legal time limit", "qiao clock due --received 2026-09-28 --days 5", runClock},
		{"eval", "search|match --queries Q.tsv --docs D.tsv --qrels R.tsv", "measure ranking on a collection", "qiao eval search --queries q.tsv --docs d.tsv --qrels r.tsv", runEval},
	}
}

// Main runs the program and returns its exit code.
func Main(ctx context.Context, args []string, s Streams) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		listCommands(s.Out)
		if len(args) == 0 {
			return exitUsage
		}
		return exitDone
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		code, err := c.run(ctx, args[1:], s)
		switch {
		case errors.Is(err, flag.ErrHelp):
			var wanted helpWanted
			errors.As(err, &wanted)
			c.help(s.Out, wanted.flags)
			return exitDone
		case err != nil:
			say(s.Err, "qiao %s: %s\n", c.name, sentence(err))
			if code == exitUsage && c.name != "clock" { // which says so itself
				say(s.Err, "`qiao %s --help` shows its flags and an example\n", c.name)
			}
			return max(code, exitFinding)
		}
		return code
	}
	say(s.Err, "qiao: there is no command %q; `qiao help` lists them\n", args[0])
	return exitUsage
}

func listCommands(w io.Writer) {
	say(w, "Qiao: the open platform on which a region shares its resources for innovation\n\n")
	for _, c := range commands() {
		say(w, "  qiao %-8s %s\n", c.name, c.about)
	}
	say(w, "\n`qiao COMMAND --help` shows a command's flags and an example.\n")
}

// say writes for a person; a terminal that has gone is no error of ours.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

// sentence is what a person at a terminal is told of err: a fault's public sentence with its fields, else the error.
func sentence(err error) string {
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind == fault.Internal {
		return err.Error()
	}
	parts := []string{i18n.T(context.Background(), e.Text, e.Args...)}
	for _, f := range e.Fields {
		parts = append(parts, f.Name+": "+i18n.T(context.Background(), f.Text, f.Args...))
	}
	return strings.Join(parts, "\n  ")
}

// wrongUse marks an error of the caller.
func wrongUse(err error) (int, error) {
	if errors.Is(err, flag.ErrHelp) {
		return exitDone, err
	}
	return exitUsage, err
}

func runServe(ctx context.Context, args []string, s Streams) (int, error) {
	var cfg config.Config
	if _, err := parseMixed(flags("serve", &cfg), args, s.Env); err != nil {
		return wrongUse(err)
	}
	if err := cfg.Check(); err != nil {
		return wrongUse(err)
	}
	log := logger(cfg.LogLevel, s.Err)
	ln, err := listen(ctx, &cfg)
	if err != nil {
		return exitFinding, err
	}
	a, err := Open(ctx, cfg, Options{Log: log, Clock: s.Clock, Progress: progress(s.Err)})
	if err != nil {
		return exitFinding, errors.Join(err, ln.Close())
	}
	err = a.Serve(ctx, ln, func(url string) {
		say(s.Err, "listening url=%s\n", url)
		if cfg.Demo {
			a.greet(s.Err, url)
		}
	})
	return exitDone, errors.Join(err, a.Close())
}

// logger writes text lines for people and machines alike; the level is validated by its name.
func logger(level string, w io.Writer) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l}))
}

// progress tells long work in plain lines.
func progress(w io.Writer) func(step string, done, total int) {
	last := ""
	return func(step string, done, total int) {
		if step != last || done == total {
			say(w, "%s %d/%d\n", step, done, total)
		}
		last = step
	}
}
