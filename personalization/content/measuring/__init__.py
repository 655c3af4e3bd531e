"""What came of blocks: counted, compared, said in a sentence, drawn."""
