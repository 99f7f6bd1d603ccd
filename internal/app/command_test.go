package app

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func run(args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = Main(context.Background(), args, Streams{In: strings.NewReader(""), Out: &o, Err: &e, Env: func(string) string { return "" }})
	return code, o.String(), e.String()
}

// Every command explains itself with an example, on the standard output; settings of the server stand in the help of serve alone.
func TestCommandsExplainThemselves(t *testing.T) {
	for _, c := range commands() {
		code, out, errs := run(c.name, "--help")
		if code != exitDone || errs != "" || !strings.Contains(out, "qiao "+c.name) || !strings.Contains(strings.ToLower(out), "e.g.") && !strings.Contains(out, "Example") {
			t.Errorf("%s --help: %d\n%s%s", c.name, code, out, errs)
		}
		if has := strings.Contains(out, "--listen "); has != (c.name == "serve") {
			t.Errorf("%s --help and --listen: %v", c.name, has)
		}
	}
}

// Wrong use is one line that says what is wrong and one that says where to read on, and ends with 2.
func TestWrongUseSaysWhatToDo(t *testing.T) {
	for _, args := range [][]string{
		{"seed", "--bogus"}, {"verify", "--region", "33"}, {"serve", "--public", "nowhere"}, {"import", "csv"}, {"export"}, {"token"}, {"setup"}, {"setup", "--name", "x", "--login", "y", "--capacities", "king"}, {"eval"}, {"clock"}, {"clock", "due", "--days", "x"}, {"nothing"},
	} {
		code, out, errs := run(args...)
		if code != exitUsage || out != "" || strings.Count(errs, "\n") > 2 || !strings.Contains(errs, "qiao") {
			t.Errorf("%v: %d\n%s%s", args, code, out, errs)
		}
	}
}
