// Opens checkpoints and checks proofs with Go's own packages, the ones behind its checksum
// database: a second opinion by people who never saw our code.
//
// Reads one JSON object from standard input and writes one to standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Key         string        // the log key as a note verifier: name+hash+base64
	Note        string        // the checkpoint as it came
	Inclusion   []inclusion   // leaves that should be in its tree
	Consistency []consistency // older trees that should be prefixes of it
}

type inclusion struct {
	Index int64
	Leaf  []byte
	Proof [][]byte
}

type consistency struct {
	Size  int64
	Root  []byte
	Proof [][]byte
}

type answer struct {
	Opened      bool
	Size        int64
	Inclusion   []bool
	Consistency []bool
}

func main() {
	var asked question
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	said := answer{Inclusion: []bool{}, Consistency: []bool{}}
	verifier, err := note.NewVerifier(asked.Key)
	must(err)
	if opened, err := note.Open([]byte(asked.Note), note.VerifierList(verifier)); err == nil {
		said.Opened = len(opened.Sigs) == 1
		lines := strings.Split(opened.Text, "\n")
		said.Size, err = strconv.ParseInt(lines[1], 10, 64)
		must(err)
		root, err := tlog.ParseHash(lines[2])
		must(err)
		for _, item := range asked.Inclusion {
			err := tlog.CheckRecord(
				hashes(item.Proof), said.Size, root, item.Index, tlog.RecordHash(item.Leaf))
			said.Inclusion = append(said.Inclusion, err == nil)
		}
		for _, item := range asked.Consistency {
			err := tlog.CheckTree(hashes(item.Proof), said.Size, root, item.Size, hash(item.Root))
			said.Consistency = append(said.Consistency, err == nil)
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(said))
}

func hash(data []byte) tlog.Hash {
	var made tlog.Hash
	copy(made[:], data)
	return made
}

func hashes(many [][]byte) []tlog.Hash {
	made := []tlog.Hash{}
	for _, data := range many {
		made = append(made, hash(data))
	}
	return made
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
