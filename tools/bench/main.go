// Command bench measures the running program and prints the tables of docs/performance.md: what a page
// costs beside a bare net/http page, how fast the program starts, what it weighs, the search index beside
// bleve and SQLite FTS5, long lists that come in, and the ledger's rates. Everything is measured in this run on this machine; the
// reference stands in the row.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
)

// options are the flags.
type options struct {
	bare             string
	rounds, requests int
	ledger, search   bool
	docs             int
	rivals           bool
	profile          string
	export           bool
	data             string
	visible          string
	imports          bool
	rows             int
	vouchers         bool
	crash            int
	deaf             bool
}

func main() {
	var o options
	flag.StringVar(&o.bare, "bare", "", "serve a fixed page on this address (the reference, started by this program itself)")
	flag.IntVar(&o.rounds, "rounds", 5, "interleaved rounds")
	flag.IntVar(&o.requests, "requests", 2000, "requests a round")
	flag.BoolVar(&o.ledger, "ledger", true, "run the ledger's rates, too (minutes)")
	flag.BoolVar(&o.search, "search", false, "run only the search bench")
	flag.IntVar(&o.docs, "docs", 450_000, "documents of the search bench")
	flag.BoolVar(&o.rivals, "rivals", true, "measure bleve and SQLite FTS5 beside the search index (minutes)")
	flag.StringVar(&o.profile, "profile", "", "write a processor profile of the search bench to this file")
	flag.BoolVar(&o.export, "export", false, "run only the export bench: files of 100,000 records")
	flag.StringVar(&o.data, "data", "", "data folder of the export bench, seeded before with at least 100,000 records; empty: seed one")
	flag.StringVar(&o.visible, "visible", "", "measure only the start and the way from a commit to a search on a region of Delta size in this folder, which changes; without a database it is seeded")
	flag.BoolVar(&o.imports, "import", false, "run only the import bench: the national template's rates, and a long list over HTTP, killed in the middle")
	flag.IntVar(&o.rows, "import-rows", 1_000_000, "rows of the long list")
	flag.BoolVar(&o.vouchers, "vouchers", false, "run only the vouchers' rates over HTTP on both engines, and the same money spent many times")
	flag.IntVar(&o.crash, "crash", 0, "only cut the power and kill the program so many times under a load of grants and holds (root, /dev/fuse)")
	flag.BoolVar(&o.deaf, "crash-control", false, "with -crash: a disk that lies about the log, which has to lose something")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.bare != "" {
		return serveBare(o.bare)
	}
	if o.visible != "" {
		return benchVisible(ctx, o.visible, o.rounds)
	}
	dir, err := os.MkdirTemp("", "qiao-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if o.search {
		return profiled(o.profile, func() error { return benchSearch(ctx, dir, o) })
	}
	if o.crash > 0 {
		return benchCrash(ctx, dir, o.crash, o.deaf)
	}
	if o.vouchers {
		return benchVouchers(ctx, dir, o.rounds)
	}
	if o.imports {
		return benchImport(ctx, filepath.Join(dir, "data"), o.rows)
	}
	if o.export {
		return benchExport(ctx, filepath.Join(dir, "data"), o.data)
	}
	fmt.Println("| what | figure | reference in the same run | how |")
	fmt.Println("|---|---|---|---|")
	if err := measureProgram(ctx, filepath.Join(dir, "data"), o.rounds, o.requests); err != nil {
		return err
	}
	if err := benchSearch(ctx, dir, o); err != nil {
		return err
	}
	if !o.ledger {
		return nil
	}
	fmt.Println("\nLedger and booking (see the lines' own words):")
	c := exec.CommandContext(ctx, "go", "run", "./tools/pg", "-safe", "go", "test", "-run", "^$", "-bench", "Grant|Rivals", "-benchtime", "1x", "-v", "./internal/voucher", "./internal/scenario")
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	return c.Run()
}

// profiled runs f and writes its processor profile, if a path is given.
func profiled(path string, f func() error) error {
	if path == "" {
		return f()
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(out); err != nil {
		return errors.Join(err, out.Close())
	}
	err = f()
	pprof.StopCPUProfile()
	return errors.Join(err, out.Close())
}
