import fc from "fast-check";

// There are hundreds of mutants, and most of them are found by the first few inputs.
fc.configureGlobal({ interruptAfterTimeLimit: 300 });
