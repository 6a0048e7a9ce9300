import { Module } from '@nestjs/common';
import { PeopleController } from './people.controller';
import { TokensService } from './tokens.service';

@Module({ controllers: [PeopleController], providers: [TokensService], exports: [TokensService] })
export class PeopleModule {}
