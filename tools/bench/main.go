// Command bench measures the running program and prints the table of docs/performance.md: what a page
// costs beside a bare net/http page, how fast the program starts, what it weighs, and the ledger's rates.
// Everything is measured in this run on this machine; the reference stands in the row.
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
)

func main() {
	bare := flag.String("bare", "", "serve a fixed page on this address (the reference, started by this program itself)")
	rounds := flag.Int("rounds", 5, "interleaved rounds")
	requests := flag.Int("requests", 2000, "requests a round")
	ledger := flag.Bool("ledger", true, "run the ledger's rates, too (minutes)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *bare, *rounds, *requests, *ledger)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, bare string, rounds, requests int, ledger bool) error {
	if bare != "" {
		return serveBare(bare)
	}
	dir, err := os.MkdirTemp("", "qiao-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	fmt.Println("| what | figure | reference in the same run | how |")
	fmt.Println("|---|---|---|---|")
	if err := measureProgram(ctx, filepath.Join(dir, "data"), rounds, requests); err != nil {
		return err
	}
	if !ledger {
		return nil
	}
	fmt.Println("\nLedger and booking (see the lines' own words):")
	c := exec.CommandContext(ctx, "go", "run", "./tools/pg", "-safe", "go", "test", "-run", "^$", "-bench", "Grant|Rivals", "-benchtime", "1x", "-v", "./internal/voucher", "./internal/scenario")
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	return c.Run()
}
